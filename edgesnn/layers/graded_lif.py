"""Leaky neurons whose spikes carry several bits."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops.decay import ONE
from edgesnn.integer.signal import Shape
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.steps import copied_steps, empty_steps


class GradedLif(Neuron):
    """v = keep V + x; o = how often the threshold fits into v, at most 2^spike_bits - 1; V = v - o.

    Source: Shen et al., "Are Conventional SNNs Really Efficient?", CVPR 2024, in our form. A layer behind it has
    `input_max` = `levels`. The integer rule is `edgesnn.integer.ops.graded_lif.GradedLif`.

    Args:
        unit: the threshold.
        spike_bits: of a spike, 1 to 4.
        voltage_decay: out of 4096, per step; 0 is no leak.
    """

    def __init__(self, unit: int = 128, spike_bits: int = 2, voltage_decay: int = 0, state_bits: int = 16) -> None:
        super().__init__(unit)
        self.spike_bits, self.voltage_decay, self.state_bits = spike_bits, voltage_decay, state_bits

    @property
    def levels(self) -> int:
        return (1 << self.spike_bits) - 1

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.GradedLif(parameter(self.unit), self.levels, parameter(0), self.voltage_decay, self.state_bits),)

    def trained(self, x: Tensor) -> Tensor:
        return FusedGradedLif.apply(x / self.unit, 1 - self.voltage_decay / ONE, self.levels)  # type: ignore[no-untyped-call, no-any-return]

    def exact(self, x: Tensor) -> Tensor:
        limit = float((1 << (self.state_bits - 1)) - 1)
        v = torch.zeros(x.shape[1:], dtype=torch.float64)
        spikes = []
        for current in x.double():
            v = torch.clamp(torch.trunc(v * (ONE - self.voltage_decay) / ONE) + current, -limit, limit)
            o = torch.clamp(torch.floor(v / self.unit), 0, self.levels)
            v = v - o * self.unit
            spikes.append(o)
        return torch.stack(spikes).to(x.dtype)


class FusedGradedLif(torch.autograd.Function):
    """All T steps in one node of the autograd graph; threshold 1.

    Backward: do/dv = 1 where 1/2 <= v <= levels + 1/2, the range in which more input means more spikes, else 0; the
    reset is detached: dL/dv_t = g_t do/dv + keep dL/dv_{t+1}.
    """

    @staticmethod
    def forward(ctx, x: Tensor, keep: float, levels: int) -> Tensor:  # type: ignore[no-untyped-def]
        charged, spikes = copied_steps(x), empty_steps(x)
        left = torch.zeros_like(charged[0])
        for v, o in zip(charged.unbind(), spikes.unbind(), strict=True):
            v.add_(left, alpha=keep)
            torch.floor(v, out=o).clamp_(0, levels)
            left = v - o
        ctx.save_for_backward(charged)
        ctx.keep, ctx.levels = keep, levels
        return spikes

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None]:  # type: ignore[no-untyped-def]
        (charged,) = ctx.saved_tensors
        result = gradient * ((charged >= 0.5) & (charged <= ctx.levels + 0.5))
        for t in range(len(charged) - 2, -1, -1):
            result[t].add_(result[t + 1], alpha=ctx.keep)
        return result, None, None
