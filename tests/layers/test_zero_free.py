"""The uniform grid without zero (QP-SNN)."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ConfigError
from edgesnn.layers.weights import ZeroFreeWeight, quantiser

BITS = [1, 2, 4, 8]
SEEDS = st.integers(0, 1 << 30)


def gaussian(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 0.05


def column(gamma: torch.Tensor) -> torch.Tensor:
    return gamma.reshape(-1, 1, 1, 1)


@pytest.mark.parametrize("gamma", ["mean", "max", "percentile"])
@pytest.mark.parametrize("bits", BITS)
@given(seed=SEEDS)
def test_signs_stay_and_gamma_bounds(bits, gamma, seed):
    quantise, weight = ZeroFreeWeight(bits, gamma), gaussian(seed, 3, 4, 3, 3)
    quantised = quantise(weight)
    nonzero = weight != 0
    assert torch.equal(torch.sign(quantised)[nonzero], torch.sign(weight)[nonzero])
    assert (quantised != 0).all()
    assert (quantised.abs() <= column(quantise.gamma(weight)) * (1 + 1e-6)).all()


@pytest.mark.parametrize("weights", [256, 576])
@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_every_code_is_used(bits, weights):
    """Of 256 Gaussian weights and 16 codes one in about two thousand channels misses a code; these do not."""
    for channel in range(5):
        codes, _ = ZeroFreeWeight(bits).codes_and_scale(gaussian(channel, 1, weights))
        assert codes.unique().tolist() == list(range(1 - (1 << bits), 1 << bits, 2))


def test_eight_bits_use_the_whole_range():
    """Not every code: a channel of 288 weights cannot have 256 different ones."""
    codes, _ = ZeroFreeWeight(8).codes_and_scale(gaussian(0, 1, 32, 3, 3))
    assert (codes.min(), codes.max()) == (-255, 255)


@pytest.mark.parametrize("bits", BITS)
@given(seed=SEEDS)
def test_quantising_again_with_the_same_gamma_changes_nothing(bits, seed):
    quantise, weight = ZeroFreeWeight(bits), gaussian(seed, 3, 4, 3, 3)
    gamma = quantise.gamma(weight)
    once = quantise(weight)
    assert torch.equal(quantise.codes(once, gamma), quantise.codes(weight, gamma))
    if bits > 1:  # why gamma is part of a model file: it cannot be found again from the quantised weights
        assert not torch.allclose(quantise.gamma(once), gamma)


@pytest.mark.parametrize("bits", BITS)
@given(seed=SEEDS, power=st.integers(-8, 8))
def test_scaling_the_weights_scales_the_quantised_ones(bits, seed, power):
    """By powers of two, for which floating point has no say."""
    quantise, weight = ZeroFreeWeight(bits), gaussian(seed, 3, 4, 3, 3)
    assert torch.equal(quantise(weight * 2.0**power), quantise(weight) * 2.0**power)


@pytest.mark.parametrize("gamma", ["mean", "max", "percentile"])
@pytest.mark.parametrize("bits", BITS)
@given(seed=SEEDS, factor=st.floats(1e-3, 1e3))
def test_codes_do_not_depend_on_the_size_of_the_weights(bits, gamma, seed, factor):
    """By any factor: in double precision no random weight lies close enough to a midpoint for rounding to matter.
    A weight that gamma is made of does lie at an end of the grid, where both sides are clipped to the same code."""
    quantise, weight = ZeroFreeWeight(bits, gamma), gaussian(seed, 3, 4, 3, 3).double()
    codes, scale = quantise.codes_and_scale(weight)
    scaled_codes, scaled = quantise.codes_and_scale(factor * weight)
    assert torch.equal(scaled_codes, codes)
    torch.testing.assert_close(scaled, factor * scale)


def test_a_grid_without_rescaling_does_not_scale():
    """round(s/2 (clip(w, -1, 1) + 1)) sees weights of 1/20 in a few of its levels: what the rescaling is for."""
    weight = gaussian(0, 1, 64, 3, 3)

    def vanilla(w: torch.Tensor) -> torch.Tensor:
        return 2 * torch.round(255 / 2 * (w.clamp(-1, 1) + 1)) / 255 - 1

    assert not torch.allclose(vanilla(weight * 4), vanilla(weight) * 4)
    assert len(vanilla(weight).unique()) < len(ZeroFreeWeight(8)(weight).unique())


@pytest.mark.parametrize("bits", BITS)
def test_channels_are_quantised_on_their_own(bits):
    quantise, weight = ZeroFreeWeight(bits), gaussian(3, 6, 4, 3, 3)
    order = torch.randperm(6, generator=torch.Generator().manual_seed(0))
    assert torch.equal(quantise(weight)[order], quantise(weight[order]))
    assert torch.equal(quantise.gamma(weight)[order], quantise.gamma(weight[order]))


@pytest.mark.parametrize("leak", [0.0, 0.1])
def test_gradient_passes_within_gamma_and_leaks_outside(leak):
    weight = torch.tensor([[0.5, -0.5, 3.0, -3.0, 0.0]], requires_grad=True)
    upstream = torch.tensor([[1.0, 2.0, 3.0, 4.0, 5.0]])
    ZeroFreeWeight(4, leak=leak)(weight).backward(upstream)
    outside = torch.tensor([[False, False, True, True, False]])
    assert torch.equal(weight.grad, torch.where(outside, leak * upstream, upstream))


def test_what_no_grid_is_refused():
    for wrong in ({"bits": 9, "grid": "zero_free"}, {"bits": 2, "grid": "cubic"}, {"bits": 2, "grid": "binary"}):
        with pytest.raises(ConfigError):
            quantiser(**wrong)
    with pytest.raises(ConfigError, match="gamma 'median' is unknown"):
        quantiser(4, "zero_free", gamma="median")
    with pytest.raises(ConfigError, match="does not take"):
        quantiser(4, "linear", gamma="mean")
