"""Concatenation of two tensors along the channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class Concat(Operator):
    """y = the channels of x, then those of z; the other axes are equal.

    >>> Concat().step((np.array([[1, 2]]), np.array([[3]])), ())[0]
    array([[1, 2, 3]])
    """

    arity = 2
    onnx_body = """
        x32 = Cast <to = 6> (x)
        z32 = Cast <to = 6> (z)
        y = Concat <axis = 1> (x32, z32)
    """

    def check(self, inputs: tuple[Signal, ...]) -> None:
        if inputs[0].shape[1:] != inputs[1].shape[1:]:
            raise self.fail(
                f"shapes {inputs[0].shape} and {inputs[1].shape} differ beyond the channels", "Make them equal"
            )

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return (inputs[0].shape[0] + inputs[1].shape[0], *inputs[0].shape[1:])

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        order = (Meaning.ACCUMULATOR, Meaning.GRADED, Meaning.TERNARY, Meaning.SPIKE)
        return min((inputs[0].meaning, inputs[1].meaning), key=order.index)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return np.concatenate(inputs, axis=1), ()
