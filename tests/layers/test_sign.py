"""One-bit weights without a scale (BESTformer)."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgesnn import layers
from edgesnn.errors import ConfigError
from edgesnn.layers.weights import SignWeight, standardised
from tests.layers.test_exact import check, spikes


@pytest.fixture
def weight():
    return torch.randn(6, 16, 3, 3, generator=torch.Generator().manual_seed(0)) * 0.3 + 0.1


def test_weights_are_plus_and_minus_one_and_nothing_else(weight):
    weight[0] = 0.5  # a constant channel: every standardised weight is zero
    got = SignWeight()(weight)
    assert set(got.unique().tolist()) == {-1.0, 1.0}
    assert (got[0] == 1).all()
    codes, scale = SignWeight().codes_and_scale(weight)
    assert torch.equal(codes, got) and torch.equal(scale, torch.ones(6))


def test_sign_of_zero_is_plus_one():
    assert SignWeight()(torch.tensor([[-1.0, 0.0, 1.0]])).tolist() == [[-1.0, 1.0, 1.0]]


def test_gain_and_offset_of_a_channel_change_nothing(weight):
    gain = torch.tensor([0.25, 0.5, 1.0, 2.0, 4.0, 8.0]).reshape(-1, 1, 1, 1)
    offset = torch.tensor([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0]).reshape(-1, 1, 1, 1)
    assert torch.equal(SignWeight()(gain * weight + offset), SignWeight()(weight))


@given(gain=st.floats(0.01, 100), offset=st.floats(-10, 10), seed=st.integers(0, 1 << 30))
def test_any_gain_above_zero_and_any_offset_change_nothing(gain, offset, seed):
    """In double precision, in which no random weight lies so near to the mean that rounding decides."""
    weight = torch.randn(4, 60, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    assert torch.equal(SignWeight()(gain * weight + offset), SignWeight()(weight))
    assert torch.equal(SignWeight()(-gain * weight + offset), -SignWeight()(weight))


def test_about_half_of_a_gaussian_channel_is_positive(weight):
    assert (SignWeight()(weight).flatten(1).mean(dim=1).abs() <= 0.3).all()


@pytest.mark.parametrize("clip", [None, 1.0])
def test_gradients_pass_to_the_standardised_weight(weight, clip):
    incoming = torch.randn(weight.shape, generator=torch.Generator().manual_seed(1))
    first, second = (weight.clone().requires_grad_() for _ in range(2))
    SignWeight(clip=clip)(first).backward(incoming)
    regular = standardised(second)
    regular.backward(incoming if clip is None else incoming * (regular.detach().abs() <= clip))
    torch.testing.assert_close(first.grad, second.grad)


def test_layers_on_this_grid_are_exact():
    layer = layers.QuantConv2d(4, 6, 3, weight_bits=1, grid="sign")
    check(layer, spikes(4, 9, 7))
    assert layer.operators((4, 9, 7))[0].weight_bits == 1
    check(layers.QuantConv1d(4, 6, 1, weight_bits=1, grid="sign"), spikes(4, 9))


@pytest.mark.parametrize("wrong", [{"bits": 2}, {"clip": 0.0}])
def test_other_widths_and_empty_clips_are_refused(wrong):
    with pytest.raises(ConfigError, match="sign weights"):
        SignWeight(**wrong)
