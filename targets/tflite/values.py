"""A tensor of the file under construction, and what is proven of its elements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array, Interval
from edgesnn.integer.signal import Shape
from edgesnn.target import Problem

LIMITS = {"int8": (-128, 127), "int32": (-(1 << 31), (1 << 31) - 1), "bool": (0, 1)}
ITEM_BYTES = {"int8": 1, "int32": 4, "bool": 1}
TENSOR_LIMIT = 1 << 31
"""Sizes inside the interpreter are 32-bit."""


class RefusalError(Exception):
    """Raised while building, where exactness cannot be proven."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor: its number, its type, and bounds of every element, whose shape is the tensor's."""

    tensor: int
    dtype: str
    range: Interval

    @property
    def shape(self) -> Shape:
        return self.range.low.shape

    @property
    def low(self) -> Array:
        return self.range.low

    @property
    def high(self) -> Array:
        return self.range.high


Operand = Value | Array
"""A tensor, or known integers that broadcast to the other operand's shape."""


def low(operand: Operand) -> Array:
    return operand.low if isinstance(operand, Value) else operand


def high(operand: Operand) -> Array:
    return operand.high if isinstance(operand, Value) else operand


def is_constant(operand: Operand, value: int) -> bool:
    return not isinstance(operand, Value) and bool((operand == value).all())


def number(value: int) -> Array:
    """A constant for every element."""
    return np.array([value], np.int64)


def everywhere(shape: Shape, smallest: int, largest: int) -> Interval:
    """The same bounds for every element, without storing them for each."""
    return Interval(np.broadcast_to(np.int64(smallest), shape), np.broadcast_to(np.int64(largest), shape))


def require(where: str, interval: Interval, dtype: str) -> None:
    """Refuses a tensor whose elements may leave its type, or which is too big for the interpreter."""
    smallest, largest = LIMITS[dtype]
    if interval.minimum < smallest or interval.maximum > largest:
        raise RefusalError(
            Problem(
                where,
                f"tflite-{dtype}-range",
                f"an intermediate result may range from {interval.minimum} to {interval.maximum}, beyond {dtype}",
                "Use smaller weights or biases, or fewer fraction bits",
            )
        )
    size = interval.low.size * ITEM_BYTES[dtype]
    if size >= TENSOR_LIMIT:
        raise RefusalError(
            Problem(
                where,
                "tflite-tensor-bytes",
                f"an intermediate tensor takes {size} bytes, the interpreter's limit is {TENSOR_LIMIT - 1}",
                "Use a smaller kernel, fewer channels or a larger stride",
            )
        )
