"""Symmetric grids with a scale a channel (QT-SNN), and the gradients of ternary neurons."""

import pytest
import torch

from edgesnn.layers import TernaryLif
from edgesnn.layers.weights import DualScaleWeight


@pytest.fixture
def weight():
    return torch.randn(6, 40, generator=torch.Generator().manual_seed(0)) * torch.logspace(-3, 1, 6)[:, None]


@pytest.mark.parametrize(("bits", "largest"), [(1, 1), (2, 1), (4, 7), (8, 127)])
def test_codes_are_symmetric_and_scales_belong_to_channels(weight, bits, largest):
    quantise = DualScaleWeight(bits)
    codes, scale = quantise.codes_and_scale(weight)
    assert codes.abs().max() == largest
    assert torch.equal(quantise(weight), codes * scale[:, None])
    opposite, same = quantise.codes_and_scale(-weight)
    assert torch.equal(opposite, -codes) and torch.equal(same, scale)


def test_ternary_weights_are_zero_below_seven_tenths_of_the_mean():
    """Mean |w| is 1: the threshold is 0.7, and the scale the mean of 1.5, 0.9 and 1.2."""
    codes, scale = DualScaleWeight(2).codes_and_scale(torch.tensor([[1.5, -0.9, 0.4, 1.2]]))
    assert codes.tolist() == [[1, -1, 0, 1]]
    assert float(scale) == pytest.approx(1.2)


@pytest.mark.parametrize("bits", [2, 4])
def test_gradient_is_zero_where_the_grid_clips_and_passes_elsewhere(bits):
    weight = torch.tensor([[0.1, -0.2, 0.1, 0.2, 0.1, 5.0]], requires_grad=True)
    quantise = DualScaleWeight(bits)
    quantise(weight).sum().backward()
    _, scale = quantise.codes_and_scale(weight)
    clipped = weight.detach().abs() > scale * ((1 << bits) - 1) / 2
    assert torch.equal(weight.grad, (~clipped).float())


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_gradient_passes_to_all_that_lies_within_half_a_step_of_the_grid(bits):
    """The largest code is 1 of signs as well as of ternary weights; most Gaussian weights go on learning."""
    quantise, weight = DualScaleWeight(bits), torch.randn(1, 4000, generator=torch.Generator().manual_seed(0))
    weight.requires_grad_()
    upstream = torch.linspace(-2, 2, 4000)[None]
    quantise(weight).backward(upstream)
    codes, scale = quantise.codes_and_scale(weight)
    inside = weight.detach().abs() <= scale * (codes.abs().max() + 0.5)
    assert weight.grad.isfinite().all()
    assert torch.equal(weight.grad, upstream * inside)
    assert inside.float().mean() > 0.7


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_gradients_of_ternary_neurons_are_finite_and_even_in_the_input(bits):
    neuron = TernaryLif(bits).train()
    x = (torch.randn(6, 3, 20, generator=torch.Generator().manual_seed(1)) * neuron.unit).requires_grad_()
    neuron(x).sum().backward()
    first = x.grad.clone()
    assert first.isfinite().all() and (first != 0).any()
    opposite = (-x.detach()).requires_grad_()
    neuron(opposite).sum().backward()
    assert torch.equal(opposite.grad, first)


def test_no_gradient_passes_through_a_clipped_membrane_potential():
    """Step 0 charges to 2.5 thresholds and keeps 1.5 of the 2 that 2 bits hold: open. Charged to 4 it is shut."""
    from edgesnn.layers import Reset

    for start, open_ in ((2.5, True), (4.0, False)):
        neuron = TernaryLif(2, leak_shift=1, reset=Reset.SUBTRACT).train()
        x = torch.tensor([[[start]], [[0.1]]], requires_grad=True)
        spikes = neuron(x * neuron.unit)
        spikes[1].sum().backward()
        assert bool(x.grad[0] != 0) == open_
