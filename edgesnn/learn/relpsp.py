"""The ReL-PSP neuron in torch: layers take and give spike times; infinity is no spike.

`edgesnn.learn.reference.relpsp` has the equations and their source.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

ELEMENTS = 1 << 22
"""Of one temporary tensor (samples, outputs, inputs)."""


class RelPspTimes(torch.autograd.Function):
    """Times (batch, outputs) of the first crossing, for input times (batch, inputs) and weights (outputs, inputs).

    A neuron that has not fired by `horizon` is silent; or, with `late`, gets the time at which it would fire after the
    horizon if its potential went on rising by its slope there, or by slope_min if that is more. That is our addition,
    for output neurons: no jump, and a gradient that makes them fire.
    """

    @staticmethod
    def forward(  # type: ignore[no-untyped-def]
        ctx, times: Tensor, weight: Tensor, threshold: Tensor, slope_min: float, horizon: float, late: bool
    ) -> Tensor:
        parts = [_crossings(some, weight, threshold, horizon) for some in torch.split(times, portion(weight))]
        found, slope = (torch.cat(part) for part in zip(*parts, strict=True))
        if late:
            found, slope = _or_late(found, slope, times, weight, threshold, slope_min, horizon)
        ctx.save_for_backward(times, weight, found, slope)
        ctx.slope_min, ctx.horizon = slope_min, horizon
        return found

    @staticmethod
    def backward(ctx, delta: Tensor) -> tuple[Tensor, Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        times, weight, found, slope = ctx.saved_tensors
        errors = torch.where(found.isfinite(), -delta / slope.clamp(min=ctx.slope_min), 0)
        reached = found.clamp(max=ctx.horizon)
        size = portion(weight)
        delta_in, gradient = torch.empty_like(times), torch.zeros_like(weight)
        for i in range(0, len(times), size):
            some = slice(i, i + size)
            causal = (times[some, None, :] < reached[some, :, None]) * errors[some, :, None]
            delta_in[some] = -torch.einsum("bmn,mn->bn", causal, weight)
            # sum of u (t - t_i) over samples, its two parts apart: infinite t_i are in no causal set
            gradient += torch.einsum("bmn,bm->mn", causal, found[some].nan_to_num(posinf=0))
            gradient -= torch.einsum("bmn,bn->mn", causal, times[some].nan_to_num(posinf=0))
        return delta_in, gradient, None, None, None, None


def portion(weight: Tensor) -> int:
    """Samples at a time."""
    return max(1, ELEMENTS // weight.numel())


def _crossings(times: Tensor, weight: Tensor, threshold: Tensor, horizon: float) -> tuple[Tensor, Tensor]:
    """Times and slopes (batch, outputs) of the first crossing up to the horizon; infinity without one."""
    ordered, order = times.sort(dim=1)
    weights = weight.T[order]  # (batch, inputs, outputs), in the order of the input spikes
    slopes = weights.cumsum(1)
    pulls = (weights * ordered.nan_to_num(posinf=0)[:, :, None]).cumsum(1)
    candidates = torch.where(slopes > 0, (threshold + pulls) / slopes, math.inf)
    until = torch.cat((ordered[:, 1:], torch.full_like(ordered[:, :1], math.inf)), 1).clamp(max=horizon)
    valid = (candidates <= until[:, :, None]) & ordered.isfinite()[:, :, None]
    first = valid.int().argmax(1, keepdim=True)
    found = torch.where(valid.any(1), candidates.gather(1, first)[:, 0], math.inf)
    return found, slopes.gather(1, first)[:, 0]


def _or_late(
    found: Tensor, slope: Tensor, times: Tensor, weight: Tensor, threshold: Tensor, slope_min: float, horizon: float
) -> tuple[Tensor, Tensor]:
    before = (times < horizon).to(times.dtype)
    slope_then = before @ weight.T
    potential = ((horizon - times).clamp(min=0)) @ weight.T
    silent = found.isinf()
    rise = slope_then.clamp(min=slope_min)
    return torch.where(silent, horizon + (threshold - potential) / rise, found), torch.where(silent, rise, slope)


def silence_penalty(weight: Tensor, slope_min: float) -> Tensor:
    """Sum over neurons of max(0, slope_min - sum of its weights)^2: 0 once each could fire if all its inputs did."""
    return ((slope_min - weight.sum(1)).clamp(min=0) ** 2).sum()
