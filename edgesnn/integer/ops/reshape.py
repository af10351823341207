"""A new shape for the same elements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Shape, Signal


@dataclass(frozen=True, eq=False)
class Reshape(Operator):
    """The elements of x in row-major order (channel, then space) under a new shape of 1 to 3 axes.

    >>> Reshape(shape=(4,)).step((np.array([[[1, 2], [3, 4]]]),), ())[0]
    array([[1, 2, 3, 4]])
    """

    shape: tuple[int, ...]

    onnx_body = """
        minus = Constant <value_ints = [-1]> ()
        s = Constant <value_ints : ints = @shape> ()
        target = Concat <axis = 0> (minus, s)
        y = Reshape (x, target)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", tuple(self.shape))
        if not 1 <= len(self.shape) <= 3 or min(self.shape) < 1:
            raise self.fail(f"shape {self.shape} is not (N,), (C, L) or (C, H, W)", "Give 1 to 3 positive sizes")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        if int(np.prod(self.shape, dtype=np.int64)) != inputs[0].size:
            raise self.fail(f"{inputs[0].shape} has {inputs[0].size} elements, {self.shape} has not", "Correct it")

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return self.shape

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return inputs[0].reshape(len(inputs[0]), *self.shape), ()
