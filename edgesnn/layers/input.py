"""Where raw samples become model input."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.integer import ops
from edgesnn.integer.model import Encoding
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape


class QuantInput(nn.Module):
    """Raw integers to the model's int8 input: x = (raw - offset) >> shift, as `Encoding` says.

    With a repeating encoding raw is (batch, ...) and the output presents it `time_steps` times, without copying:
    (T, batch, *shape). Otherwise raw is (batch, T, ...). Any shape with the right number of elements is accepted.
    """

    def __init__(self, shape: tuple[int, ...], time_steps: int, encoding: Encoding | None = None) -> None:
        super().__init__()
        self.shape, self.time_steps, self.encoding = tuple(shape), time_steps, encoding or Encoding()

    @property
    def range(self) -> tuple[int, int]:
        """(low, high) of the model input."""
        e = self.encoding
        return (e.raw_low - e.offset) >> e.shift, (e.raw_high - e.offset) >> e.shift

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.Input(self.shape, *self.range),)

    def forward(self, raw: Tensor) -> Tensor:
        x = torch.floor((raw.float() - self.encoding.offset) / (1 << self.encoding.shift))
        if self.encoding.repeat:
            x = x.reshape(len(x), *self.shape)
            return x.expand(self.time_steps, *x.shape)
        return x.reshape(len(x), -1, *self.shape).transpose(0, 1)
