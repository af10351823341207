"""In eval mode every layer computes exactly the integers of the operators it becomes."""

import numpy as np
import pytest
import torch

from edgesnn import layers
from edgesnn.integer.signal import Interval, Meaning, Signal
from edgesnn.layers import Reset

STEPS, BATCH = 5, 3


def chain(operators, x: np.ndarray) -> np.ndarray:
    """Runs a layer's operators over (T, batch, ...) from reset states."""
    for op in operators:
        shape = x.shape[2:]
        signal = Signal(shape, Meaning.SPIKE, Interval.zero(shape))
        states = tuple(np.zeros((x.shape[1], *spec.shape), np.int64) for spec in op.states((signal,)))
        steps = []
        for now in x:
            y, states = op.step((now,), states)
            steps.append(y)
        x = np.stack(steps)
    return x


def trained(layer, x: torch.Tensor):
    """The layer after a few training batches, so that statistics and scales are not their initial values."""
    layer.train()
    for _ in range(3):
        layer(x)
    return layer.eval()


def check(layer, x: torch.Tensor):
    got = trained(layer, x)(x)
    wanted = chain(layer.operators(tuple(x.shape[2:])), x.long().numpy())
    assert np.array_equal(got.double().numpy(), wanted)
    return got


def spikes(*shape: int) -> torch.Tensor:
    return (torch.rand(STEPS, BATCH, *shape, generator=torch.Generator().manual_seed(1)) < 0.4).float()


def currents(*shape: int) -> torch.Tensor:
    return torch.randint(-300, 300, (STEPS, BATCH, *shape), generator=torch.Generator().manual_seed(2)).float()


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("norm", [False, True])
def test_linear(bits, norm):
    check(layers.QuantLinear(40, 7, weight_bits=bits, norm=norm), spikes(40))


@pytest.mark.parametrize("grid", ["zero_free", "dual_scale"])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_grids(bits, grid):
    check(layers.QuantLinear(40, 7, weight_bits=bits, grid=grid), spikes(40))
    check(layers.QuantConv2d(4, 6, 3, weight_bits=bits, grid=grid), spikes(4, 9, 7))


def test_requantised_weights_keep_their_latent_values():
    layer = layers.QuantLinear(40, 7, weight_bits=8)
    latent = layer.weight.detach().clone()
    layer.requantise(2, "zero_free", gamma="max")
    check(layer, spikes(40))
    assert torch.equal(layer.weight, latent)
    assert layer.operators((40,))[0].zero_free


def ternary(*shape: int) -> torch.Tensor:
    return torch.randint(-1, 2, (STEPS, BATCH, *shape), generator=torch.Generator().manual_seed(3)).float()


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_symmetric_synapses_answer_opposite_inputs_with_opposite_currents(bits):
    layer = layers.QuantLinear(40, 7, weight_bits=bits, grid="dual_scale", unit=4000, symmetric=True)
    got = check(layer, ternary(40))
    assert torch.equal(layer(-ternary(40)), -got)


@pytest.mark.parametrize("reset", [Reset.ZERO, Reset.SUBTRACT])
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_ternary_lif(bits, reset):
    layer = layers.TernaryLif(bits, reset=reset)
    x = currents(20) * layer.unit // 200
    got = check(layer, x)
    assert (got == 1).any() and (got == -1).any()
    assert torch.equal(layer(-x), -got)


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("decay", [0, 2048])
def test_graded_lif(bits, decay):
    got = check(layers.GradedLif(19, bits, decay), currents(50))
    assert got.max() == (1 << bits) - 1


@pytest.mark.parametrize("bits", [1, 8])
@pytest.mark.parametrize("norm", [False, True])
def test_folded_linear(bits, norm):
    layer = layers.QuantLinear(40, 7, weight_bits=bits, norm=norm, unit=64, folded=True)
    check(layer, spikes(40))
    (operator,) = layer.operators((40,))
    assert (operator.weight % 2 == 0).all() and np.abs(operator.weight).max() <= 126
    if bits == 1:
        assert (np.log2(np.abs(operator.weight)) % 1 == 0).all()


def test_conv2d_with_every_attribute():
    layer = layers.QuantConv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2, weight_bits=4)
    check(layer, spikes(4, 9, 7))


def test_conv1d_on_graded_input():
    layer = layers.QuantConv1d(2, 5, 3, padding=1, input_max=127)
    check(layer, torch.randint(-127, 128, (STEPS, BATCH, 2, 11)).float())


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize("strict", [False, True])
def test_lif(reset, strict):
    assert check(layers.Lif(100, 1000, reset, strict), currents(20)).mean() > 0.01


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize("strict", [False, True])
def test_integrate_fire(reset, strict):
    assert check(layers.IntegrateFire(100, reset, strict), currents(20)).mean() > 0.01


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_quantized_lif(bits):
    assert check(layers.QuantizedLif(128, bits), currents(50)).mean() > 0.01


def test_pools():
    check(layers.MaxPool(2, padding=1), spikes(3, 7, 5))
    check(layers.MaxPool(3, stride=2), spikes(3, 9))
    check(layers.SumPool((3, 2), stride=1), spikes(3, 7, 5))
    check(layers.SumPool(2), spikes(3, 9))


def test_readouts():
    check(layers.Membrane(voltage_decay=100, fraction_bits=3), currents(4))
    check(layers.SpikeCount(), spikes(4))
    check(layers.FirstSpike(STEPS), spikes(4))


def test_a_repeated_input_is_computed_once_and_means_the_same():
    layer = trained(layers.QuantConv2d(1, 4, 3, input_max=127), torch.randint(0, 128, (2, BATCH, 1, 8, 8)).float())
    once = torch.randint(0, 128, (1, BATCH, 1, 8, 8)).float()
    assert torch.equal(layer(once.expand(4, *once.shape[1:])), layer(once.repeat(4, 1, 1, 1, 1)))


@pytest.mark.parametrize("network", ["QSnn", "QSnnLoihi"])
def test_logits_do_not_depend_on_the_rest_of_the_batch(network):
    from edgesnn.models.q_snn import model

    net = getattr(model, network)()
    raw = torch.randint(0, 256, (16, 28, 28), generator=torch.Generator().manual_seed(0))
    net.train()
    net(raw)
    net.eval()
    with torch.no_grad():
        together = net(raw)
        alone = torch.cat([net(raw[i : i + 1]) for i in range(len(raw))], dim=1)
    assert torch.equal(together, alone)
