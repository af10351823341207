"""A trained scale with a value of its own at every time step."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.errors import ConfigError
from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.signal import Shape
from edgesnn.layers.straight_through import round_through

MULTIPLIER_MAX = (1 << 15) - 1
SHIFT = 8
"""Fraction bits of the integer multipliers, fewer where they would leave 16 bits."""


class StepScale(nn.Module):
    """y[t] = unit * gain * scale[t, head] * x[t], rounded: counts (T, batch, heads * rows, columns) to currents.

    The multiplier lambda of BESTformer's attention (Cao et al., IJCAI 2025), one a step and head, initially 1. A run
    longer than `time_steps` keeps the last one. Becomes `StepRescale`.

    Args:
        gain: fixed factor; BESTformer's is 1/8.
        unit: integer current that stands for 1.0.
    """

    def __init__(self, time_steps: int, heads: int = 1, gain: float = 0.125, unit: int = 128) -> None:
        super().__init__()
        self.gain, self.unit = gain, unit
        self.scale = nn.Parameter(torch.ones(time_steps, heads))

    def forward(self, x: Tensor) -> Tensor:
        """Raises ConfigError where the rows of x do not split into heads."""
        heads = self.scale.shape[1]
        if x.ndim != 4 or x.shape[2] % heads:
            raise ConfigError("StepScale", f"{tuple(x.shape[2:])} does not split into {heads} heads", "Change heads")
        return self.trained(x) if self.training else self.exact(x)

    def trained(self, x: Tensor) -> Tensor:
        return round_through(x * self.rows(self.scale * (self.gain * self.unit), x))

    def exact(self, x: Tensor) -> Tensor:
        multiplier, shift = self.integer_form()
        total = x.double() * self.rows(multiplier, x) + ((1 << shift) >> 1)
        return torch.floor(total / (1 << shift)).to(x.dtype)

    def rows(self, scale: Tensor, x: Tensor) -> Tensor:
        """(steps, heads) as (T, 1, heads * rows, 1): a factor for each row of x at each of its steps."""
        steps = torch.arange(len(x)).clamp(max=len(scale) - 1)
        return scale[steps].repeat_interleave(x.shape[2] // scale.shape[1], dim=1)[:, None, :, None]

    @torch.no_grad()
    def integer_form(self) -> tuple[Tensor, int]:
        """(multipliers (steps, heads), shift). Raises ConfigError where no shift makes them fit 16 bits."""
        factor = self.scale.double() * (self.gain * self.unit)
        for shift in range(SHIFT, -1, -1):
            multiplier = torch.round(factor * (1 << shift)).long()
            if multiplier.abs().max() <= MULTIPLIER_MAX:
                return multiplier, shift
        raise ConfigError("StepScale", f"a scale of {float(factor.abs().max()):.3g} is beyond 16 bits", "Lower unit")

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        multiplier, shift = self.integer_form()
        rows = multiplier.repeat_interleave(shape[0] // multiplier.shape[1], dim=1)[:, :, None]
        return (ops.StepRescale(rows.numpy(), parameter((1 << shift) >> 1), shift),)
