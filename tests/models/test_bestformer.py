"""BESTformer: reversible blocks, binary attention in two orders, two heads, any number of time steps."""

import numpy as np
import pytest
import torch

from edgesnn.errors import ConfigError
from edgesnn.integer import ops, run
from edgesnn.lower import lower
from edgesnn.models.bestformer.attention import ORDERS, BinaryAttention
from edgesnn.models.bestformer.block import Mlp, ReversibleBlock
from edgesnn.models.bestformer.model import BestFormer
from edgesnn.train.data import Split
from edgesnn.train.distil import Distillation, Remembered
from edgesnn.train.loop import Trainer
from edgesnn.train.loss import temporal_cross_entropy
from edgesnn.train.recipe import Recipe
from tests.models.bestformer import UNIT, images, potentials, settled, small

STEPS, DIM, HEADS = 3, 16, 2


def attention(order: str = "map", seed: int = 0) -> BinaryAttention:
    torch.manual_seed(seed)
    layer = BinaryAttention(DIM, HEADS, STEPS, UNIT, order, gain=1.0)
    for step in range(12):
        layer(potentials(STEPS, DIM, step))
    return layer


@pytest.mark.parametrize("order", ORDERS)
def test_a_block_in_training_gives_its_inputs_back(order):
    torch.manual_seed(0)
    block = ReversibleBlock(attention(order), Mlp(DIM, 2, UNIT))
    x0, x1 = potentials(STEPS, DIM, 1), potentials(STEPS, DIM, 2)
    back = block.inverse(*block(x0, x1))
    assert torch.equal(back[0], x0) and torch.equal(back[1], x1)  # halves of integers are exact in float32
    x0, x1 = x0 + torch.rand_like(x0), x1 + torch.rand_like(x1)
    back = block.inverse(*block(x0, x1))
    assert max((back[0] - x0).abs().max(), (back[1] - x1).abs().max()) / UNIT < 1e-5


def test_a_stack_of_blocks_gives_its_inputs_back():
    blocks = [ReversibleBlock(attention(seed=seed), Mlp(DIM, 2, UNIT)) for seed in range(3)]
    start = pair = potentials(STEPS, DIM, 1), potentials(STEPS, DIM, 2)
    for block in blocks:
        pair = block(*pair)
    for block in reversed(blocks):
        pair = block.inverse(*pair)
    assert torch.equal(pair[0], start[0]) and torch.equal(pair[1], start[1])


def test_the_integer_block_loses_a_bit():
    """Two inputs of which the halves round to the same integers."""
    torch.manual_seed(0)
    block = ReversibleBlock(attention(), Mlp(DIM, 2, UNIT)).eval()
    x0, x1 = 2 * torch.round(potentials(STEPS, DIM, 1) / 2), 2 * torch.round(potentials(STEPS, DIM, 2) / 2)
    one, other = block(x0, x1), block(x0 - 1, x1)
    assert torch.equal(one[0], other[0]) and torch.equal(one[1], other[1])


@pytest.mark.parametrize("mode", [True, False], ids=["training", "eval"])
@pytest.mark.parametrize("order", ORDERS)
def test_the_attention_map_is_binary_at_every_step(order, mode):
    layer = attention(order).train(mode)
    seen = []
    layer.match_fire.register_forward_hook(lambda module, inputs, output: seen.append(output))
    layer(potentials(STEPS, DIM))
    (fired,) = seen
    side = 49 if order == "map" else DIM // HEADS
    assert fired.shape == (STEPS, 4, HEADS * side, side)
    for step in fired:
        assert set(step.unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("order", ORDERS)
def test_attention_follows_its_tokens(order):
    """Permuted tokens give the permuted output: equivariance, bit for bit."""
    layer, x = attention(order).eval(), potentials(STEPS, DIM)
    places = torch.randperm(49, generator=torch.Generator().manual_seed(0))
    assert torch.equal(layer(x[..., places]), layer(x)[..., places])
    assert not torch.equal(layer(x[..., places]), layer(x))


def test_the_two_orders_are_different_functions():
    one, other = attention("map").eval(), attention("memory").eval()
    other.load_state_dict(one.state_dict())
    x = potentials(STEPS, DIM)
    assert not torch.equal(one(x), other(x))
    kinds = {}
    for order in ORDERS:
        model = lower(small(order=order), order)
        kinds[order] = [
            (node.op.transpose_a, model.signal(node.name).shape)
            for node in model.nodes
            if isinstance(node.op, ops.MatMul)
        ]
    assert kinds["map"] == [(True, (HEADS * 49, 49)), (False, (DIM, 49))]
    assert kinds["memory"] == [(False, (DIM, DIM // HEADS)), (True, (DIM, 49))]


def test_without_binarisation_the_two_orders_would_agree():
    """(V A^T with A = Q^T K) equals (M^T Q with M = K V^T): it is LIF0 in between that makes them differ."""
    q, k, v = ((potentials(STEPS, DIM, seed) > UNIT).float() for seed in range(3))
    by_map, by_memory = attention("map"), attention("memory")
    through_map = by_map.mix(v, by_map.match(q, k))
    assert torch.equal(through_map, by_memory.mix(by_memory.match(k, v), q))


@pytest.mark.parametrize("wrong", [{"order": "maps"}, {"heads": 5}])
def test_unknown_orders_and_heads_that_do_not_divide_are_refused(wrong):
    with pytest.raises(ConfigError, match="attention"):
        small(**{"order": "map", **wrong}) if "order" in wrong else BinaryAttention(DIM, 5, STEPS, UNIT)


@pytest.mark.parametrize("time_steps", [1, 2, 5])
def test_any_number_of_time_steps(time_steps):
    network = small(time_steps)
    assert network.blocks[0].attention.scale.scale.shape == (time_steps, HEADS)
    model = lower(network, "steps")
    (scale,) = [node.op for node in model.nodes if isinstance(node.op, ops.StepRescale)]
    assert scale.multiplier.shape == (time_steps, DIM, 1)
    assert lower_equals_torch(network, model)


@pytest.mark.parametrize("options", [{}, {"order": "memory"}, {"reversible": False}])
def test_torch_in_eval_mode_is_the_integer_model(options):
    network = small(**options)
    model = lower(network, "bestformer")
    assert lower_equals_torch(network, model)
    binary = [node.op for node in model.nodes if getattr(node.op, "weight_bits", None) == 1]
    assert len(binary) == 4 + 6 and all(set(np.unique(op.weight)) == {-1, 1} for op in binary)


def lower_equals_torch(network, model) -> bool:
    raw = images(24, 77)
    with torch.no_grad():
        wanted = network(raw)[-1].long().numpy()
    assert len(np.unique(wanted, axis=0)) > 10
    return np.array_equal(run(model, model.encode(raw.numpy())).output, wanted)


def test_the_reduced_network_is_the_size_it_is_said_to_be():
    """Binary weights: 2 blocks of 4 KiB and a tokenizer of 7.5 KiB, 1/32 of their float form."""
    network = settled(BestFormer(time_steps=2, unit=UNIT))
    model = lower(network, "bestformer")
    sizes = {node.name: node.op.weight.size for node in model.nodes if getattr(node.op, "weight_bits", None) == 1}
    assert sum(size for name, size in sizes.items() if name.startswith("blocks")) == 2 * 32_768
    assert sum(size for name, size in sizes.items() if name.startswith("tokens")) == 61_056
    bits = sum(model.by_name[name].op.weight_bits * size for name, size in sizes.items())
    assert bits <= sum(32 * size for size in sizes.values()) / 20


def trainer(alpha: float) -> Trainer:
    fit = Split(images(16), torch.arange(16) % 10)
    logits = torch.eye(10)[(torch.arange(16) + 3) % 10] * 10  # a teacher that is sure of another class
    torch.manual_seed(0)
    network = BestFormer(dim=16, blocks=1, heads=2, time_steps=2, unit=UNIT).train()
    how = Distillation(alpha=alpha)
    return Trainer(network, Recipe(epochs=1, batch=16, rate_weight=0.0), fit, fit, teacher=Remembered(logits, how))


def test_without_the_teachers_share_the_second_head_learns_nothing():
    job, rows = trainer(alpha=0.0), torch.arange(16)
    scores = job.network(images(16))
    loss = job.loss(scores, images(16), rows)
    torch.testing.assert_close(loss, temporal_cross_entropy(scores[0], job.fit_split.labels, UNIT))
    loss.backward()
    assert all(not p.grad.any() for p in job.network.second_head.parameters())
    assert all(p.grad.any() for p in job.network.head.parameters())


def test_the_teacher_gets_no_gradient_and_decides_what_the_second_head_learns():
    job, rows = trainer(alpha=1.0), torch.arange(16)
    job.teacher.table.requires_grad_()
    scores = job.network(images(16))
    loss = job.loss(scores, images(16), rows)
    wanted = job.teacher.table.argmax(dim=1)
    assert not (wanted == job.fit_split.labels).any()
    torch.testing.assert_close(loss, temporal_cross_entropy(scores[1], wanted, UNIT))
    loss.backward()
    assert job.teacher.table.grad is None
    assert all(not p.grad.any() for p in job.network.head.parameters())
