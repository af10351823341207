"""Leaky integrate-and-fire neurons: one fused autograd function over all time steps."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops.decay import ONE
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.signal import Shape
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.surrogate import SURROGATES, Surrogate


class Lif(Neuron):
    """Loihi's neuron without synaptic memory; see `edgesnn.integer.ops.lif.Lif` for the exact rule.

    Input and output are (T, batch, ...); the input is an integer current in which `unit` is the threshold.

    Args:
        voltage_decay: out of 4096, per step.
        reset: Reset.ZERO, SUBTRACT or NONE.
        fraction_bits: state bits below the current's unit. Loihi uses 6.
    """

    def __init__(
        self,
        unit: int = 128,
        voltage_decay: int = 2048,
        reset: Reset = Reset.ZERO,
        strict: bool = True,
        fraction_bits: int = 6,
        state_bits: int = 24,
        surrogate: str = "triangle",
    ) -> None:
        super().__init__(unit)
        self.voltage_decay, self.reset, self.strict = voltage_decay, Reset(reset), strict
        self.fraction_bits, self.state_bits = fraction_bits, state_bits
        self.surrogate = SURROGATES[surrogate]

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (
            ops.Lif(
                threshold=parameter(self.unit),
                current_decay=ONE,
                voltage_decay=self.voltage_decay,
                fraction_bits=self.fraction_bits,
                strict=self.strict,
                reset=self.reset,
                state_bits=self.state_bits,
            ),
        )

    def trained(self, x: Tensor) -> Tensor:
        keep = 1 - self.voltage_decay / ONE
        return FusedLif.apply(x / self.unit, keep, self.reset, self.strict, self.surrogate)  # type: ignore[no-untyped-call, no-any-return]

    def exact(self, x: Tensor) -> Tensor:
        scale = 1 << self.fraction_bits
        theta = float(self.unit * scale)
        limit = float((1 << (self.state_bits - 1)) - 1)
        v = torch.zeros(x.shape[1:], dtype=torch.float64)
        spikes = []
        for current in x.double() * scale:
            v = torch.clamp(torch.trunc(v * (ONE - self.voltage_decay) / ONE) + current, -limit, limit)
            s = v > theta if self.strict else v >= theta
            v = _after(v, s.double(), theta, self.reset)
            spikes.append(s)
        return torch.stack(spikes).to(x.dtype)


def _after(v: Tensor, s: Tensor, theta: float, reset: Reset) -> Tensor:
    if reset is Reset.NONE:
        return v
    return v * (1 - s) if reset is Reset.ZERO else v - theta * s


class FusedLif(torch.autograd.Function):
    """All T steps in one node of the autograd graph: v = keep v + x; s = [v > 1]; reset. Threshold 1.

    Backward keeps the reset out of the gradient of zero resets: dL/dv_t = g_t h(v_t - 1) + keep (1 - s_t) dL/dv_{t+1}
    (for subtract and none the factor 1 - s_t is 1), h being the surrogate. Memory: the T charged potentials.
    """

    @staticmethod
    def forward(ctx, x: Tensor, keep: float, reset: Reset, strict: bool, surrogate: Surrogate) -> Tensor:  # type: ignore[no-untyped-def]
        charged = torch.empty_like(x, memory_format=torch.contiguous_format)
        spikes = torch.empty_like(charged)
        v = torch.zeros_like(charged[0])
        compare = torch.gt if strict else torch.ge
        steps = zip(x.unbind(), charged.unbind(), spikes.unbind(), strict=True)
        for current, now, s in steps:  # one step at a time stays in the cache
            torch.add(current, v, alpha=keep, out=now)
            compare(now, 1, out=s)
            v = _reset_into(v, now, s, reset)
        ctx.save_for_backward(charged, spikes)
        ctx.keep, ctx.reset, ctx.surrogate = keep, reset, surrogate
        return spikes

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        charged, spikes = ctx.saved_tensors
        result = torch.empty_like(charged)
        distance = torch.empty_like(charged[0])
        later: Tensor | None = None
        steps = zip(charged.unbind(), spikes.unbind(), gradient.unbind(), result.unbind(), strict=True)
        for now, s, g, r in reversed(list(steps)):
            torch.mul(ctx.surrogate(torch.sub(now, 1, out=distance)), g, out=r)
            if later is not None:
                r.add_(later if ctx.reset is not Reset.ZERO else later * (s == 0), alpha=ctx.keep)
            later = r
        return result, None, None, None, None


def _reset_into(v: Tensor, charged: Tensor, s: Tensor, reset: Reset) -> Tensor:
    """The potential after the reset, threshold 1, written into v where it needs memory of its own."""
    if reset is Reset.NONE:
        return charged
    if reset is Reset.ZERO:
        return torch.addcmul(charged, charged, s, value=-1, out=v)
    return torch.sub(charged, s, out=v)
