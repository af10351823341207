"""Products of spikes, scales by step and halved membranes: the parts of attention as torch layers."""

import numpy as np
import pytest
import torch
from torch import nn

from edgesnn import layers
from edgesnn.errors import ConfigError, LoweringError
from edgesnn.integer import ops, run
from edgesnn.lower import lower
from tests.layers.test_exact import check, currents, spikes


@pytest.mark.parametrize("transpose_b", [False, True])
@pytest.mark.parametrize("transpose_a", [False, True])
def test_products_are_those_of_the_operator(transpose_a, transpose_b):
    generator = torch.Generator().manual_seed(4)
    a_shape, b_shape = (5, 7) if transpose_a else (7, 5), (3, 5) if transpose_b else (5, 3)
    a, b = (torch.randint(-128, 128, (2, 3, 4 * rows, columns), generator=generator).float()
            for rows, columns in (a_shape, b_shape))  # fmt: skip
    layer = layers.MatMul(4, transpose_a, transpose_b)
    (operator,) = layer.operators(tuple(a.shape[2:]))
    wanted = [operator.step((x.long().numpy(), z.long().numpy()), ())[0] for x, z in zip(a, b, strict=True)]
    assert np.array_equal(layer(a, b).numpy(), np.stack(wanted))


def test_products_have_the_gradient_of_a_product():
    a = torch.randn(2, 1, 4, 3, dtype=torch.float64, requires_grad=True)
    b = torch.randn(2, 1, 4, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layers.MatMul(2, transpose_a=True), (a, b))


@pytest.mark.parametrize("time_steps", [1, 2, 5, 7])
def test_step_scale(time_steps):
    """Five steps of input: shorter scales stay at their last value."""
    layer = layers.StepScale(time_steps, heads=3, unit=100)
    with torch.no_grad():
        layer.scale.copy_(torch.rand(time_steps, 3) * 3 - 0.5)
    check(layer, currents(12, 4))


def test_a_scale_too_large_for_16_bits_is_refused():
    layer = layers.StepScale(2, unit=1024)
    with torch.no_grad():
        layer.scale.fill_(300)
    with pytest.raises(ConfigError, match="beyond 16 bits"):
        layer.operators((4, 4))


def test_a_scale_shifts_less_where_its_multipliers_need_the_bits():
    layer = layers.StepScale(2, unit=1024)
    assert layer.integer_form()[1] == 7  # 1/8 of 1024 in 16 bits leaves 7 bits for the fraction
    with torch.no_grad():
        layer.scale.fill_(30)
    assert layer.integer_form()[1] == 3


def test_rows_that_do_not_split_into_heads_are_refused():
    with pytest.raises(ConfigError, match="3 heads"):
        layers.StepScale(2, heads=3)(spikes(4, 4))


def test_downscale():
    assert check(layers.Downscale(1), currents(40)).abs().max() > 127
    assert check(layers.Downscale(1, bits=8), currents(40)).abs().max() == 127


def test_halves_round_up_in_eval_mode_and_stay_halves_in_training():
    x = torch.tensor([[[-3.0, -2.0, -1.0, 1.0, 2.0, 3.0]]])
    halve = layers.Downscale(1)
    assert halve(x).tolist() == [[[-1.5, -1.0, -0.5, 0.5, 1.0, 1.5]]]
    assert halve.eval()(x).tolist() == [[[-1.0, -1.0, 0.0, 1.0, 1.0, 2.0]]]


def test_sums_over_windows_that_overlap_or_reach_over_the_edge():
    check(layers.SumPool(3, stride=2, padding=1), spikes(3, 7, 5))
    check(layers.SumPool(3, stride=1, padding=1), spikes(3, 9))


class Attention(nn.Module):
    """Queries meet keys of another layer."""

    def __init__(self):
        super().__init__()
        self.unit = 64
        self.image = layers.QuantInput((6, 9), time_steps=3)
        self.query, self.key = (layers.QuantConv1d(6, 8, 1, unit=64, input_max=127) for _ in range(2))
        self.query_fire, self.key_fire, self.fire = (layers.Lif(64, strict=False) for _ in range(3))
        self.match, self.scale = layers.MatMul(2, transpose_a=True), layers.StepScale(3, 2, gain=0.5, unit=64)
        self.head = layers.QuantLinear(18 * 9, 4, unit=64)
        self.scores = layers.Membrane()

    def forward(self, raw):
        x = self.image(raw)
        q, k = self.query_fire(self.query(x)), self.key_fire(self.key(x))
        return self.scores(self.head(self.fire(self.scale(self.match(q, k))).flatten(2)))


def test_attention_lowers():
    torch.manual_seed(0)
    network = Attention()
    raw = torch.randint(0, 256, (32, 6, 9), generator=torch.Generator().manual_seed(1))
    for _ in range(20):  # the running statistics settle
        network(raw)
    model = lower(network, "attention")
    assert {ops.MatMul, ops.StepRescale} <= {type(node.op) for node in model.nodes}
    assert model.by_name["match"].inputs == ("query_fire", "key_fire")
    with torch.no_grad():
        wanted = network(raw)[-1].long().numpy()
    assert np.array_equal(run(model, model.encode(raw.numpy())).output, wanted)
    assert len(np.unique(wanted, axis=0)) > 10


def test_a_layer_that_reads_a_constant_is_refused():
    class Bad(Attention):
        def forward(self, raw):
            q = self.query_fire(self.query(self.image(raw)))
            return self.scores(self.head(self.scale(self.match(q, 3)).flatten(2)))

    with pytest.raises(LoweringError, match="match: reads something"):
        lower(Bad(), "bad")
