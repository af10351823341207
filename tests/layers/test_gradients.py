"""The fused neurons give the gradients of a plain loop over time."""

import pytest
import torch
from torch import Tensor

from edgesnn.layers import Reset
from edgesnn.layers.lif import FusedLif
from edgesnn.layers.quantized_lif import FusedQuantizedLif
from edgesnn.layers.straight_through import round_through
from edgesnn.layers.surrogate import SURROGATES, arctangent, triangle


class Step(torch.autograd.Function):
    """A step function with a surrogate gradient."""

    @staticmethod
    def forward(ctx, distance: Tensor, surrogate, strict: bool) -> Tensor:
        ctx.save_for_backward(distance)
        ctx.surrogate = surrogate
        return ((distance > 0) if strict else (distance >= 0)).to(distance.dtype)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return gradient * ctx.surrogate(ctx.saved_tensors[0].clone()), None, None


def plain_lif(x: Tensor, keep: float, reset: Reset, strict: bool, surrogate) -> Tensor:
    v, spikes = torch.zeros_like(x[0]), []
    for current in x:
        v = keep * v + current
        s = Step.apply(v - 1, surrogate, strict)
        fired = s.detach()
        v = {Reset.NONE: v, Reset.ZERO: v * (1 - fired), Reset.SUBTRACT: v - fired}[reset]
        spikes.append(s)
    return torch.stack(spikes)


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("surrogate", SURROGATES.values(), ids=SURROGATES)
def test_fused_lif_is_the_plain_loop(reset, strict, surrogate):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(6, 4, 5, generator=generator, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(6, 4, 5, generator=generator, dtype=torch.float64)
    fused = FusedLif.apply(x, 1.0, 0.7, reset, strict, surrogate)
    (wanted,) = torch.autograd.grad((plain_lif(x, 0.7, reset, strict, surrogate) * weight).sum(), x)
    (got,) = torch.autograd.grad((fused * weight).sum(), x)
    assert torch.equal(fused, plain_lif(x, 0.7, reset, strict, surrogate))
    torch.testing.assert_close(got, wanted)


def plain_quantized(x: Tensor, leak: float, alpha: float, q: int) -> Tensor:
    carried, spikes = torch.zeros_like(x[0]), []
    for current in x:
        u = leak * carried + current
        s = Step.apply(u - 1, triangle, False)
        v = torch.tanh(u * (1 - s.detach()))
        carried = round_through(torch.clamp(v / (alpha / q), -q, q)) * (alpha / q)
        spikes.append(s)
    return torch.stack(spikes)


@pytest.mark.parametrize("q", [1, 7, 127])
def test_fused_quantized_lif_is_the_plain_loop(q):
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(5, 64, generator=generator, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(5, 64, generator=generator, dtype=torch.float64)
    fused, largest = FusedQuantizedLif.apply(x, 0.5, 0.7, q, triangle)
    (wanted,) = torch.autograd.grad((plain_quantized(x, 0.5, 0.7, q) * weight).sum(), x)
    (got,) = torch.autograd.grad((fused * weight).sum(), x)
    assert torch.equal(fused, plain_quantized(x, 0.5, 0.7, q))
    torch.testing.assert_close(got, wanted)
    assert 0 < float(largest) <= 1


def test_surrogates_integrate_to_one_spike():
    distance = torch.linspace(-500, 500, 2_000_001, dtype=torch.float64)
    assert torch.trapezoid(triangle(distance.clone()), distance) == pytest.approx(1, abs=1e-6)
    assert torch.trapezoid(arctangent(distance.clone()), distance) == pytest.approx(1, abs=1e-3)
