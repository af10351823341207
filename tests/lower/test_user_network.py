"""A user's own module, made of edgesnn layers and +, cat, reshape and mean, lowers without extra code."""

import pytest
import torch
from torch import nn

from edgesnn import layers
from edgesnn.errors import LoweringError
from edgesnn.integer import run
from edgesnn.integer.ops import Add, Concat, Rescale, SumPool
from edgesnn.lower import lower


class Own(nn.Module):
    """A residual addition of currents, a concatenation of spikes, a mean over space, a mean over time."""

    def __init__(self):
        super().__init__()
        self.unit = 128
        self.image = layers.QuantInput((1, 12, 12), time_steps=3)
        self.first = layers.QuantConv2d(1, 8, 3, padding=1, stride=2, input_max=127)
        self.fire = layers.Lif(128)
        self.second = layers.QuantConv2d(8, 8, 3, padding=1, weight_bits=1)
        self.skip = layers.QuantConv2d(8, 8, 1, weight_bits=4)
        self.again = layers.IntegrateFire(128)
        self.drop = nn.Dropout(0.5)
        self.head = layers.QuantLinear(16, 4)

    def forward(self, raw):
        x = self.fire(self.first(self.image(raw)))
        y = self.again(self.second(x) + self.skip(x))
        z = torch.cat([x, y], dim=2)
        return self.head(self.drop(z).mean((3, 4))).mean(0)


def briefly_trained_on(network, shape):
    network.train()
    generator = torch.Generator().manual_seed(5)
    for _ in range(3):
        network(torch.randint(0, 256, (16, *shape), generator=generator))
    return network


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return briefly_trained_on(Own(), (12, 12))


def test_it_becomes_the_expected_operators(network):
    model = lower(network, "own")
    kinds = [node.op.kind for node in model.nodes]
    assert kinds.count("Add") == 1 and kinds.count("Concat") == 1 and kinds.count("SumPool") == 1
    assert kinds[0] == "Input" and kinds[-1] == "Membrane"
    assert {Add, Concat, SumPool, Rescale} <= {type(node.op) for node in model.nodes}
    assert model.metadata.output_unit == 128 * 3  # the integer model sums over time what torch averages


def test_torch_in_eval_mode_is_the_integer_model_on_every_sample(network):
    model = lower(network, "own")
    raw = torch.randint(0, 256, (64, 12, 12), generator=torch.Generator().manual_seed(9))
    with torch.no_grad():
        scores = torch.round(network(raw).double() * 3).long()
    assert (run(model, model.encode(raw.numpy())).output == scores.numpy()).all()
    assert len(scores.unique(dim=0)) > 10  # the network does tell samples apart


def test_a_sequential_network_lowers():
    torch.manual_seed(0)
    network = nn.Sequential(
        layers.QuantInput((1, 9, 9), time_steps=2),
        layers.QuantConv2d(1, 4, 3, stride=2, input_max=127),
        layers.Lif(),
        nn.Flatten(2),
        layers.QuantLinear(64, 5),
        layers.Membrane(),
    )
    model = lower(briefly_trained_on(network, (9, 9)), "sequential")
    assert [node.op.kind for node in model.nodes] == [
        "Input", "Conv", "Rescale", "Lif", "Reshape", "Dense", "Rescale", "Membrane"
    ]  # fmt: skip


class Wrong(nn.Module):
    def __init__(self, module, call=None):
        super().__init__()
        self.image = layers.QuantInput((4,), time_steps=2)
        self.block = nn.Sequential(layers.QuantLinear(4, 4, input_max=127), module)
        self.call = call
        self.scores = layers.Membrane()

    def forward(self, raw):
        x = self.block(self.image(raw))
        return self.scores(self.call(x) if self.call else x)


@pytest.mark.parametrize(
    ("module", "instead"),
    [
        (nn.Linear(4, 4), "QuantLinear"),
        (nn.ReLU(), "spiking neuron"),
        (nn.Softmax(-1), "largest score"),
        (nn.BatchNorm1d(2), "norm=True"),
        (nn.PReLU(), "edgesnn.layers"),
    ],
)
def test_foreign_modules_are_refused_by_path_with_what_to_use(module, instead):
    with pytest.raises(LoweringError, match=r"block\.1: .* has no integer meaning") as refusal:
        lower(Wrong(module), "wrong")
    assert instead in str(refusal.value)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (torch.relu, "relu"),
        (lambda x: x * 2, "mul"),
        (lambda x: x.transpose(1, 2), "transpose"),
        (lambda x: torch.cat([x, x], dim=1), "cat"),
        (lambda x: x.mean(1), "mean"),
        (lambda x: x + torch.ones(4), "constant"),
        (lambda x: x.reshape(-1, 2, 4), "reshape"),
    ],
)
def test_foreign_functions_are_refused(call, where):
    with pytest.raises(LoweringError, match=where):
        lower(Wrong(nn.Identity(), call), "wrong")


def test_a_mean_in_front_of_a_neuron_is_refused():
    class Bad(Own):
        def forward(self, raw):
            return self.head(self.again(torch.cat([self.first(self.image(raw))] * 2, dim=2).mean((3, 4)))).mean(0)

    with pytest.raises(LoweringError, match="again: sits behind a mean"):
        lower(Bad(), "bad")


def test_control_flow_on_data_is_refused():
    class Bad(Own):
        def forward(self, raw):
            return super().forward(raw) if raw.sum() > 0 else None

    with pytest.raises(LoweringError, match="cannot be traced"):
        lower(Bad(), "bad")


def test_a_network_without_input_is_refused():
    with pytest.raises(LoweringError, match="0 QuantInput"):
        lower(nn.Sequential(layers.QuantLinear(3, 3)), "bad")
