"""Sum of two tensors."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class Add(Operator):
    """y = x + z, element by element, equal shapes. Two spikes make a graded value.

    >>> import numpy as np
    >>> Add().step((np.array([[1, 2]]), np.array([[3, -4]])), ())[0]
    array([[ 4, -2]])
    """

    arity = 2
    onnx_body = """
        x32 = Cast <to = 6> (x)
        z32 = Cast <to = 6> (z)
        y = Add (x32, z32)
    """

    def check(self, inputs: tuple[Signal, ...]) -> None:
        if inputs[0].shape != inputs[1].shape:
            raise self.fail(f"shapes {inputs[0].shape} and {inputs[1].shape} differ", "Make them equal")

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return inputs[0].shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        if Meaning.ACCUMULATOR in (inputs[0].meaning, inputs[1].meaning):
            return Meaning.ACCUMULATOR
        return Meaning.GRADED

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return inputs[0] + inputs[1], ()
