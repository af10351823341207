"""Division by a power of two, within a few bits where asked."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.signal import Shape
from edgesnn.layers.straight_through import clamp_through, round_through


class Downscale(nn.Module):
    """y = floor((x + 2^(shift-1)) / 2^shift): halves round up; with `bits`, clipped to +-(2^(bits-1) - 1).

    With `bits` this is a quantised activation for a layer that wants int8. Without, it halves a sum of two membrane
    potentials, say; training then keeps the fraction, so that a reversible block can be inverted, which the integers
    cannot: the bit shifted out is lost. Becomes `Rescale`.
    """

    def __init__(self, shift: int, bits: int | None = None) -> None:
        super().__init__()
        self.shift, self.bits = shift, bits

    @property
    def limit(self) -> int | None:
        """The largest magnitude that comes out."""
        return None if self.bits is None else (1 << (self.bits - 1)) - 1

    def forward(self, x: Tensor) -> Tensor:
        scale = 1 << self.shift
        if self.training:
            y = x / scale
            return y if self.limit is None else clamp_through(round_through(y), -self.limit, self.limit)
        y = torch.floor((x + (scale >> 1)) / scale)
        return y if self.limit is None else y.clamp(-self.limit, self.limit)

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        clip = {} if self.limit is None else {"low": -self.limit, "high": self.limit}
        return (ops.Rescale(parameter(1), parameter((1 << self.shift) >> 1), self.shift, **clip),)
