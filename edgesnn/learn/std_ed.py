"""STD-ED in torch: what flows back along a spike is the derivative of the loss by the spike's time.

`edgesnn.learn.reference.std_ed` has the equations and what is known of their origin.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.learn.input_spikes import InputSpikes, currents, weight_gradient
from edgesnn.learn.integrate_fire import integrate


def time_kernel(steps: int, tau: int = 2) -> Tensor:
    """kernel[d] = 2^-floor(d / tau): the part of a spike's time error that an input d steps earlier takes."""
    return torch.exp2(-torch.div(torch.arange(steps), tau, rounding_mode="floor").double())


class StdEdSpikes(torch.autograd.Function):
    """Spikes (T, batch, outputs) of integrate-and-fire neurons for input spikes (T, batch, inputs).

    The gradients of both are dL/dt at spikes and 0 elsewhere.
    """

    @staticmethod
    def forward(  # type: ignore[no-untyped-def]
        ctx, x: Tensor | InputSpikes, weight: Tensor, threshold: Tensor, kernel: Tensor, slope_min: float, exact: bool
    ) -> Tensor:
        charged = integrate(currents(x, weight), threshold)
        slope = charged.potential - charged.before
        passed = (threshold - charged.before) / slope if exact else torch.ones_like(slope)
        ctx.save_for_backward(weight, charged.spikes, slope, passed, kernel)
        ctx.x, ctx.slope_min = x, slope_min * float(threshold)
        return charged.spikes

    @staticmethod
    def backward(ctx, delta: Tensor) -> tuple[Tensor | None, Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        weight, spikes, slope, passed, kernel = ctx.saved_tensors
        errors = torch.where(spikes == 1, -delta / slope.clamp(min=ctx.slope_min), 0)
        by_count, by_time = torch.empty_like(errors), torch.empty_like(errors)
        next_error, age = torch.zeros_like(errors[0]), torch.zeros_like(errors[0], dtype=torch.int64)
        for t in reversed(range(len(errors))):
            fired = spikes[t] == 1
            next_error = torch.where(fired, errors[t], next_error)
            age = torch.where(fired, 0, age + 1)
            by_count[t] = torch.where(fired, passed[t] * next_error, next_error)
            by_time[t] = -next_error * kernel[age.clamp(max=len(kernel) - 1)]
        onward = ctx.x * (by_time @ weight) if ctx.needs_input_grad[0] else None
        return onward, weight_gradient(by_count, ctx.x), None, None, None, None


class FirstTimes(torch.autograd.Function):
    """Times (batch, outputs) of the first spike of integrate-and-fire neurons, between steps as the slope says.

    A neuron that stays silent gets the time at which it would fire after the last step if its potential went on rising
    by `late_slope` a step: no jump, and a gradient that makes it fire. That is our addition.
    """

    @staticmethod
    def forward(  # type: ignore[no-untyped-def]
        ctx,
        x: Tensor | InputSpikes,
        weight: Tensor,
        threshold: Tensor,
        kernel: Tensor,
        slope_min: float,
        late_slope: float,
        exact: bool,
    ) -> Tensor:
        current = currents(x, weight)
        potential = current.cumsum(0)
        reached = potential >= threshold
        first = reached.int().argmax(0, keepdim=True)
        fired = reached.any(0)
        slope = torch.where(fired, current.gather(0, first)[0], late_slope)
        last = torch.where(fired, first[0], len(current) - 1)
        start = torch.where(fired, potential.gather(0, first)[0] - slope, potential[-1])
        fraction = (threshold - start) / slope
        ctx.save_for_backward(weight, slope, last, torch.where(fired & exact, fraction, 1), kernel)
        ctx.x, ctx.steps, ctx.slope_min = x, len(current), slope_min * float(threshold)
        return torch.where(fired, last - 1, last) + fraction

    @staticmethod
    def backward(ctx, delta: Tensor) -> tuple[Tensor | None, Tensor, None, None, None, None, None]:  # type: ignore[no-untyped-def]
        weight, slope, last, passed, kernel = ctx.saved_tensors
        errors = -delta / slope.clamp(min=ctx.slope_min)
        ages = last - torch.arange(ctx.steps, device=last.device)[:, None, None]
        by_count = torch.where(ages > 0, errors, torch.where(ages == 0, passed * errors, 0))
        by_time = torch.where(ages >= 0, -errors * kernel[ages.clamp(min=0)], 0)
        onward = ctx.x * (by_time @ weight) if ctx.needs_input_grad[0] else None
        return onward, weight_gradient(by_count, ctx.x), None, None, None, None, None
