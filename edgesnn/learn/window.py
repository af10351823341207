"""ReL-PSP neurons in windows: each layer fires only after all its input is in, in closed form.

Layer l has the window [l T, (l + 1) T] and a threshold that falls from T to 0 across it, so that V(t) = 2 T - t in the
time of its own input: two matrix products instead of a search. The threshold is derived from the closed form of the
public code of Wei et al., "Temporal-coded spiking neural networks with dynamic firing threshold", ICCV 2023, written
for T = 1.
"""

from __future__ import annotations

import torch
from torch import Tensor


def window_times(times: Tensor, weight: Tensor, span: float = 1.0) -> Tensor:
    """Times (batch, outputs) in [0, span] of the layer's own window, for input times (batch, inputs) in [0, span].

    t = (2 T + sum w t_i) / (1 + sum w) - T over the inputs that fired, no earlier than 0; infinity where that is
    beyond the window or the potential does not rise towards the threshold.
    """
    fired = times.isfinite()
    slope = 1 + fired.to(times.dtype) @ weight.T
    pull = times.masked_fill(~fired, 0) @ weight.T
    at_start = span * (slope - 1) - pull
    crossing = (2 * span + pull) / torch.where(slope > 0, slope, 1) - span
    crossing = torch.where(at_start >= span, 0, crossing)
    silent = (at_start < span) & ((slope <= 0) | (crossing > span))
    return crossing.masked_fill(silent, torch.inf)


def window_potentials(times: Tensor, weight: Tensor, span: float = 1.0) -> Tensor:
    """Potentials (batch, outputs) of a last layer that does not fire, at the end of its window, 2 T in its own time."""
    fired = times.isfinite()
    return (2 * span - times).masked_fill(~fired, 0) @ weight.T
