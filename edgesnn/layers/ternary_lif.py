"""Leaky neurons with ternary spikes and a membrane potential of 2 to 8 bits (QT-SNN)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from edgesnn.errors import ConfigError
from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.signal import Shape
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.steps import copied_steps, empty_steps
from edgesnn.layers.surrogate import SURROGATES, Surrogate

FRACTION_BITS = {2: 13, 4: 10, 8: 6}
"""Below the unit of the state's code, by the state's width: the threshold then has 12 bits."""


class TernaryLif(Neuron):
    """u~ = (1 - 2^-leak_shift) U + x; s = +-1 where |u~| >= 1; reset; U = Q(u~), Q uniform over +-`reach`.

    Inputs are currents in which `unit` is the threshold, from a synapse with `symmetric=True` and that unit; the spikes
    are -1, 0 or 1. The integer rule is `edgesnn.integer.ops.ternary_lif.TernaryLif`.

    Args:
        state_bits: of the membrane potential: 2, 4 or 8.
        leak_shift: the potential loses 1 / 2^leak_shift a step; 0 is no leak.
        reset: Reset.ZERO or SUBTRACT.
        reach: thresholds that the largest code stands for: 1, 2, 4 or 8.
    """

    def __init__(
        self,
        state_bits: int = 8,
        leak_shift: int = 2,
        reset: Reset = Reset.ZERO,
        surrogate: str = "rectangle",
        reach: int = 2,
    ) -> None:
        if state_bits not in FRACTION_BITS:
            raise ConfigError("TernaryLif", f"state_bits {state_bits} is not 2, 4 or 8", "Choose one of them")
        if reach not in (1, 2, 4, 8):
            raise ConfigError("TernaryLif", f"reach {reach} is not 1, 2, 4 or 8 thresholds", "Choose one of them")
        self.state_bits, self.leak_shift, self.reset, self.reach = state_bits, leak_shift, Reset(reset), reach
        super().__init__((self.levels << self.fraction_bits) // reach)
        self.surrogate = SURROGATES[surrogate]

    @property
    def levels(self) -> int:
        """L, the largest code."""
        return (1 << (self.state_bits - 1)) - 1

    @property
    def fraction_bits(self) -> int:
        return FRACTION_BITS[self.state_bits]

    @property
    def keep(self) -> float:
        return 1 - 2.0**-self.leak_shift if self.leak_shift else 1.0

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (
            ops.TernaryLif(
                parameter(1), parameter(self.unit), self.leak_shift, self.fraction_bits, self.state_bits, self.reset
            ),
        )

    def rate_of(self, spikes: Tensor) -> Tensor:
        return spikes.abs().mean()

    def trained(self, x: Tensor) -> Tensor:
        return FusedTernaryLif.apply(x / self.unit, self.keep, (self.levels, self.reach), self.reset, self.surrogate)  # type: ignore[no-untyped-call, no-any-return]

    def exact(self, x: Tensor) -> Tensor:
        code = torch.zeros(x.shape[1:], dtype=torch.long)
        half, spikes = (1 << self.fraction_bits) >> 1, []
        for current in x.long():
            fine = code << self.fraction_bits
            lost = torch.sign(fine) * (fine.abs() >> self.leak_shift) if self.leak_shift else 0
            v = fine - lost + current
            s = torch.sign(v) * (v.abs() >= self.unit)
            v = _after(v, s, self.unit, self.reset)
            rounded = torch.sign(v) * ((v.abs() + half) >> self.fraction_bits)
            code = torch.clamp(rounded, -self.levels, self.levels)
            spikes.append(s)
        return torch.stack(spikes).to(x.dtype)


def _after(v: Tensor, s: Tensor, theta: float, reset: Reset) -> Tensor:
    if reset is Reset.NONE:
        return v
    return v * (1 - s.abs()) if reset is Reset.ZERO else v - theta * s


class FusedTernaryLif(torch.autograd.Function):
    """All T steps in one node of the autograd graph; threshold 1; grid: (levels each way, thresholds they reach).

    Backward: the surrogate acts at both thresholds, ds/du = h(|u| - 1); straight through the rounding of the state and
    zero where it is clipped; the reset is detached.
    """

    @staticmethod
    def forward(ctx, x: Tensor, keep: float, grid: tuple[int, int], reset: Reset, surrogate: Surrogate) -> Tensor:  # type: ignore[no-untyped-def]
        charged, spikes = copied_steps(x), empty_steps(x)
        fine = torch.empty_like(charged)  # potentials in codes, before they are rounded
        code = torch.zeros_like(charged[0])
        levels, scale = grid[0], grid[0] / grid[1]
        for u, s, left in zip(charged.unbind(), spikes.unbind(), fine.unbind(), strict=True):
            u.add_(code, alpha=keep / scale)
            torch.clamp(u, -1, 1, out=s).trunc_()  # the sign where |u| >= 1, else 0
            torch.mul(_after(u, s, 1.0, reset), scale, out=left)
            torch.round(left, out=code).clamp_(-levels, levels)
            if reset is Reset.ZERO:
                left.masked_fill_(s != 0, math.inf)  # no gradient passes
        ctx.save_for_backward(charged, fine)
        ctx.keep, ctx.limit, ctx.surrogate = keep, levels + 0.5, surrogate
        return spikes

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        charged, fine = ctx.saved_tensors
        result = ctx.surrogate(charged.abs().sub_(1)).mul_(gradient)
        later = torch.empty_like(result[0])
        for t in range(len(charged) - 2, -1, -1):
            torch.ops.aten.hardtanh_backward(result[t + 1], fine[t], -ctx.limit, ctx.limit, grad_input=later)
            result[t].add_(later, alpha=ctx.keep)
        return result, None, None, None, None
