"""Weight regulation and binarisation of Q-SNN, and the linear grid."""

import pytest
import torch

from edgesnn.layers.weights import BinaryWeight, LinearWeight, sign_gradient, standardised


@pytest.fixture
def weight():
    return torch.randn(6, 16, 3, 3, generator=torch.Generator().manual_seed(0)) * 0.3 + 0.1


def test_regulated_weights_have_zero_mean_and_unit_deviation(weight):
    flat = standardised(weight).flatten(1)
    assert flat.mean(dim=1).abs().max() < 1e-5
    assert (flat.std(dim=1, unbiased=False) - 1).abs().max() < 1e-5
    positive = (flat >= 0).float().mean(dim=1)
    assert ((positive - 0.5).abs() < 0.1).all()


def test_scale_is_a_power_of_two_and_codes_are_signs(weight):
    quantise = BinaryWeight()
    codes, scale = quantise.codes_and_scale(weight)
    assert torch.equal(torch.exp2(torch.round(torch.log2(scale))), scale)
    assert set(codes.unique().tolist()) == {-1.0, 1.0}
    assert torch.equal(quantise(weight), codes * scale.reshape(-1, 1, 1, 1))


def test_sign_of_zero_is_plus_one():
    """In training as in the exported codes; a third level would make them two networks."""
    weight = torch.tensor([[-1.0, 0.0, 1.0], [0.5, 0.5, 0.5]])
    codes, scale = BinaryWeight().codes_and_scale(weight)
    assert codes.tolist() == [[-1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    assert torch.equal(BinaryWeight()(weight), codes * scale[:, None])


@pytest.mark.parametrize("t", [0.1, 0.5, 1.0, 3.0, 10.0])
def test_sign_gradient_is_the_slope_of_k_tanh(t):
    x = torch.linspace(-2, 2, 101, dtype=torch.float64)
    sharpness = torch.tensor(t, dtype=torch.float64)
    k, h = max(1 / t, 1), 1e-5
    slope = (k * torch.tanh(t * (x + h)) - k * torch.tanh(t * (x - h))) / (2 * h)
    torch.testing.assert_close(sign_gradient(x, sharpness), slope, atol=1e-4, rtol=0)
    assert float(sign_gradient(torch.zeros(1), sharpness)) == pytest.approx(1 if t < 1 else t)


def test_schedule_grows_from_a_tenth_to_ten():
    quantise = BinaryWeight()
    for fraction, wanted in ((0, 0.1), (0.5, 1.0), (1, 10.0)):
        quantise.set_progress(fraction)
        assert float(quantise.sharpness) == pytest.approx(wanted)
    assert "sharpness" in quantise.state_dict()  # a resumed run goes on where it stopped


def test_linear_grid_uses_the_largest_magnitude(weight):
    codes, scale = LinearWeight(8).codes_and_scale(-weight.abs())
    assert codes.min() == -127 and codes.max() <= 0  # the largest |w| is negative: it must not leave the grid
    assert (codes * scale.reshape(-1, 1, 1, 1) + weight.abs()).abs().max() <= scale[0] / 2 + 1e-7
