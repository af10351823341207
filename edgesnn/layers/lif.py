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
from edgesnn.layers.steps import empty_steps, portions
from edgesnn.layers.surrogate import SURROGATES, Surrogate, passed


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
        return FusedLif.apply(x, float(self.unit), keep, self.reset, self.strict, self.surrogate)  # type: ignore[no-untyped-call, no-any-return]

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
    """All T steps in one node of the autograd graph: v = keep v + x; s = [v > unit]; reset.

    Backward keeps the reset out of the gradient of zero resets: dL/dv_t = g_t h(v_t / unit - 1) / unit +
    keep (1 - s_t) dL/dv_{t+1} (for subtract and none the factor 1 - s_t is 1), h being the surrogate. Memory: the T
    charged potentials.
    """

    @staticmethod
    def forward(ctx, x: Tensor, unit: float, keep: float, reset: Reset, strict: bool, surrogate: Surrogate) -> Tensor:  # type: ignore[no-untyped-def]
        charged, spikes = empty_steps(x), empty_steps(x)
        compare = torch.gt if strict else torch.ge
        for some in portions(x):
            v = torch.zeros_like(charged[0, some])
            steps = zip(x[:, some].unbind(), charged[:, some].unbind(), spikes[:, some].unbind(), strict=True)
            for current, now, s in steps:
                torch.add(current, v, alpha=keep, out=now)
                compare(now, unit, out=s)
                v = _reset_into(v, now, s, unit, reset)
        ctx.save_for_backward(charged, spikes)
        ctx.unit, ctx.keep, ctx.reset, ctx.surrogate = unit, keep, reset, surrogate
        return spikes

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None, None, None, None]:  # type: ignore[no-untyped-def]
        charged, spikes = ctx.saved_tensors
        result = empty_steps(charged)
        for some in portions(charged):
            later: Tensor | None = None
            parts = (part[:, some].unbind() for part in (charged, spikes, gradient, result))
            for now, s, g, r in reversed(list(zip(*parts, strict=True))):
                passed(g, now, ctx.unit, ctx.surrogate, out=r)
                if later is not None:
                    r.add_(later if ctx.reset is not Reset.ZERO else later * (1 - s), alpha=ctx.keep)
                later = r
        return result, None, None, None, None, None


def _reset_into(v: Tensor, charged: Tensor, s: Tensor, unit: float, reset: Reset) -> Tensor:
    """The potential after the reset, written into v where it needs memory of its own."""
    if reset is Reset.NONE:
        return charged
    if reset is Reset.ZERO:
        return torch.addcmul(charged, charged, s, value=-1, out=v)
    return torch.sub(charged, s, alpha=unit, out=v)
