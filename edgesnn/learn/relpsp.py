"""The ReL-PSP neuron in torch: layers take and give spike times; infinity is no spike.

`edgesnn.learn.reference.relpsp` has the equations and their source.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from edgesnn.learn.input_spikes import InputSpikes, weight_gradient

ELEMENTS = 1 << 22
"""Of one temporary tensor (samples, outputs, inputs)."""
ROUNDING = 1e-4
"""Of a tick: how much later than a tick a spike still comes with it, so that rounding of floats makes no tick of it."""


class RelPspTimes(torch.autograd.Function):
    """Times (batch, outputs) of the first crossing, for input times (batch, inputs) and weights (outputs, inputs).

    Input comes at ticks, so between two of them potentials are straight lines, and the first tick at which one has
    reached the threshold says where it crossed: exactly, unless `whole` has a spike wait for that tick, as spikes of
    integer models do. A neuron that has not fired by `horizon` is silent; or, with `late`, gets the time at which it
    would fire after the horizon if its potential went on rising by its slope there, or by slope_min if that is more.
    That is our addition, for output neurons: no jump, and a gradient that makes them fire.
    """

    @staticmethod
    def forward(  # type: ignore[no-untyped-def]
        ctx,
        times: Tensor,
        weight: Tensor,
        threshold: Tensor,
        tick: float,
        slope_min: float,
        horizon: float,
        whole: bool,
        late: bool,
    ) -> Tensor:
        spikes = _spikes(times, tick, horizon, weight)
        found, slope = _crossings(spikes, weight, threshold, tick)
        found = torch.where(found <= horizon, found, math.inf)
        if whole:
            found = (found / tick - ROUNDING).ceil() * tick
        if late:
            found, slope = _or_late(found, slope, times, weight, threshold, slope_min, horizon)
        ctx.save_for_backward(times, weight, found, slope)
        ctx.spikes, ctx.tick, ctx.slope_min, ctx.horizon = spikes, tick, slope_min, horizon
        return found

    @staticmethod
    def backward(ctx, delta: Tensor) -> tuple[Tensor | None, Tensor, None, None, None, None, None, None]:  # type: ignore[no-untyped-def]
        times, weight, found, slope = ctx.saved_tensors
        fired = found.isfinite()
        errors = torch.where(fired, -delta / slope.clamp(min=ctx.slope_min), 0)
        reached = found.clamp(max=ctx.horizon)
        ticks = torch.arange(ctx.spikes.steps, device=times.device)[:, None, None] * ctx.tick
        spans = torch.where((ticks < reached) & fired, found - ticks, 0)
        gradient = weight_gradient(spans * errors, ctx.spikes)
        onward = _onto_times(times, reached, errors, weight) if ctx.needs_input_grad[0] else None
        return onward, gradient, None, None, None, None, None, None


def _spikes(times: Tensor, tick: float, horizon: float, weight: Tensor) -> InputSpikes:
    """The inputs before the horizon, by tick."""
    heard = times < horizon
    ticks = torch.where(heard, times / tick, -1).round().long()
    steps = max(1, int(ticks.max()) + 1)
    return InputSpikes(torch.where(heard, ticks, steps), steps, weight)


def _crossings(spikes: InputSpikes, weight: Tensor, threshold: Tensor, tick: float) -> tuple[Tensor, Tensor]:
    """Times and slopes (batch, outputs) of the first crossing, however late; infinity without one."""
    slopes = spikes.currents(weight).cumsum(0)  # after the inputs of a tick
    ends = slopes.cumsum(0) * tick  # of that tick
    reached = ends >= threshold
    step = torch.where(reached.any(0), reached.int().argmax(0), spikes.steps - 1)[None]
    slope, end = slopes.gather(0, step)[0], ends.gather(0, step)[0]
    crossing = (step[0] + 1) * tick + (threshold - end) / slope
    return torch.where(slope > 0, crossing, math.inf), slope


def _onto_times(times: Tensor, reached: Tensor, errors: Tensor, weight: Tensor) -> Tensor:
    size = max(1, ELEMENTS // weight.numel())
    parts = zip(*(torch.split(tensor, size) for tensor in (times, reached, errors)), strict=True)
    return -torch.cat(
        [torch.einsum("bmn,mn->bn", (t[:, None] < r[..., None]) * e[..., None], weight) for t, r, e in parts]
    )


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
