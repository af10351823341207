"""Leaky neurons whose carried membrane potential has 2 to 8 bits (Q-SNN)."""

from __future__ import annotations

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.signal import Array, Shape
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.shared import several
from edgesnn.layers.steps import copied_steps
from edgesnn.layers.surrogate import SURROGATES, Surrogate

MOMENTUM = 0.99
FLOOR = 1e-3
"""Smallest state scale: if every neuron has just been reset, the largest |tanh(u)| is 0."""
REACH = 4
"""tanh is flat beyond this many thresholds below zero: the code table ends there."""


class QuantizedLif(Neuron):
    """u~ = leak U + x; s = [u~ >= 1]; U = Q(tanh(u~ (1 - s))), Q a uniform quantiser of `state_bits` and scale alpha.

    Source: Wei et al., "Q-SNNs", ACM MM 2024. There alpha is the maximum over the batch at each step; here it is the
    moving average of that maximum (momentum 0.99), so that a sample's spikes do not depend on the others. The
    integer rule is `edgesnn.integer.ops.quantized_lif.QuantizedLif`.
    """

    def __init__(self, unit: int = 128, state_bits: int = 8, leak: float = 0.5, surrogate: str = "triangle") -> None:
        super().__init__(unit)
        self.state_bits, self.leak = state_bits, leak
        self.surrogate = SURROGATES[surrogate]
        self.register_buffer("alpha", torch.tensor(1.0))
        self.alpha: Tensor

    @property
    def levels(self) -> int:
        return (1 << (self.state_bits - 1)) - 1

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        leak_table, code_table, low = self.tables()
        return (ops.QuantizedLif(leak_table, code_table, low, parameter(self.unit), self.state_bits),)

    def trained(self, x: Tensor) -> Tensor:
        spikes, largest = FusedQuantizedLif.apply(  # type: ignore[no-untyped-call]
            x / self.unit, self.leak, float(self.alpha), self.levels, self.surrogate
        )
        if len(x) > 1:
            self._follow(largest)
        return spikes  # type: ignore[no-any-return]

    @torch.no_grad()
    def _follow(self, largest: Tensor) -> None:
        """Blends the largest |tanh(u)| of this batch, over all processes, into alpha."""
        if several():
            dist.all_reduce(largest, op=dist.ReduceOp.MAX)
        self.alpha.mul_(MOMENTUM).add_(largest.clamp(min=FLOOR), alpha=1 - MOMENTUM)

    @torch.no_grad()
    def largest_state(self, x: Tensor) -> float:
        """The largest |tanh(u)| carried between the steps of these currents, were the scale 1; 0 where T is 1."""
        _, largest = FusedQuantizedLif.apply(  # type: ignore[no-untyped-call]
            x / self.unit, self.leak, 1.0, self.levels, self.surrogate
        )
        return float(largest)

    def set_scale(self, alpha: float) -> None:
        """Sets the state scale, for a network that is not trained again."""
        self.alpha.fill_(max(alpha, FLOOR))

    def tables(self) -> tuple[Array, Array, int]:
        """(leak_table, code_table, code_low) of the integer operator."""
        return tables(float(self.alpha), self.state_bits, self.leak, self.unit)

    def exact(self, x: Tensor) -> Tensor:
        leak_table, code_table, low = self.tables()
        leaks, codes = torch.from_numpy(leak_table).to(x.dtype), torch.from_numpy(code_table)
        state = torch.zeros(x.shape[1:], dtype=torch.long)
        spikes = []
        for current in x:
            v = leaks[state + self.levels] + current
            s = v >= self.unit
            index = torch.clamp(v.long() - low, 0, len(codes) - 1)
            state = torch.where(s, 0, codes[index])
            spikes.append(s)
        return torch.stack(spikes).to(x.dtype)


def tables(alpha: float, state_bits: int, leak: float, unit: int) -> tuple[Array, Array, int]:
    """The neuron as a finite-state machine: potential a code contributes, and code of every silent potential.

    leak_table[c + q] = round(leak * alpha * c / q * unit); code_table[v - low] = round(clip(tanh(v / unit) / alpha,
    -1, 1) * q) for v from low = -4 unit to unit - 1; q = 2^(state_bits-1) - 1.
    """
    q = (1 << (state_bits - 1)) - 1
    leak_table = np.rint(leak * alpha * np.arange(-q, q + 1) / q * unit).astype(np.int64)
    low = -REACH * unit
    potential = np.arange(low, unit) / unit
    code_table = np.rint(np.clip(np.tanh(potential) / alpha, -1, 1) * q).astype(np.int64)
    return leak_table, code_table, low


class FusedQuantizedLif(torch.autograd.Function):
    """All T steps in one node of the autograd graph; threshold 1. Also returns the largest |tanh(u)| of the batch.

    Backward: straight through the rounding, zero where the clip at alpha acts, reset detached:
    dL/du_t = g_t h(u_t - 1) + leak (1 - s_t) (1 - tanh(u_t)^2) [|tanh(u_t)| <= alpha] dL/du_{t+1}.
    """

    @staticmethod
    def forward(ctx, x: Tensor, leak: float, alpha: float, levels: int, surrogate: Surrogate) -> tuple[Tensor, Tensor]:  # type: ignore[no-untyped-def]
        step = alpha / levels
        charged = copied_steps(x)
        spikes = torch.empty_like(charged)
        squashed: list[Tensor] = []
        largest = x.new_zeros(())
        for t, u in enumerate(charged):
            if squashed:
                carried = (squashed[-1] / step).clamp_(-levels, levels).round_()
                u.add_(carried, alpha=leak * step)
            torch.ge(u, 1, out=spikes[t])
            if t + 1 < len(x):
                v = torch.addcmul(u, u, spikes[t], value=-1).tanh_()
                low, high = torch.aminmax(v)
                largest = torch.maximum(largest, torch.maximum(-low, high))
                squashed.append(v)
        ctx.save_for_backward(charged, spikes, *squashed)
        ctx.leak, ctx.alpha, ctx.surrogate = leak, alpha, surrogate
        ctx.mark_non_differentiable(largest)
        return spikes, largest

    @staticmethod
    def backward(ctx, gradient: Tensor, _: Tensor) -> tuple[Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        charged, spikes, *squashed = ctx.saved_tensors
        result = ctx.surrogate(charged - 1).mul_(gradient)
        for t in range(len(charged) - 2, -1, -1):
            v = squashed[t]
            open_ = (v.abs() <= ctx.alpha) & (spikes[t] == 0)
            slope = torch.where(open_, torch.addcmul(torch.ones((), dtype=v.dtype), v, v, value=-1), 0.0)
            result[t].addcmul_(result[t + 1], slope, value=ctx.leak)
        return result, None, None, None, None
