"""What flows along an edge of the integer graph: shape, meaning and the proven range of every element."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]
Shape = tuple[int, ...]

WIDTHS = (1, 2, 4, 8, 16, 24, 32)
MAX_ELEMENTS = 1 << 22
"""Of one tensor."""
INT32_MAX = (1 << 31) - 1


class Meaning(enum.StrEnum):
    """What an integer stands for."""

    SPIKE = "spike"  # 0 or 1
    TERNARY = "ternary"  # -1, 0 or 1
    GRADED = "graded"  # a small integer carried like a spike
    ACCUMULATOR = "accumulator"  # a sum of synaptic input
    STATE = "state"  # what a neuron carries to the next step


@dataclass(frozen=True, eq=False)
class Interval:
    """Proven bounds of every element of a tensor; `low` and `high` have the tensor's shape."""

    low: Array
    high: Array

    @staticmethod
    def constant(shape: Shape, low: int, high: int) -> Interval:
        return Interval(np.full(shape, low, np.int64), np.full(shape, high, np.int64))

    @staticmethod
    def zero(shape: Shape) -> Interval:
        return Interval.constant(shape, 0, 0)

    @property
    def minimum(self) -> int:
        return int(self.low.min())

    @property
    def maximum(self) -> int:
        return int(self.high.max())

    @property
    def signed(self) -> bool:
        return self.minimum < 0

    @property
    def magnitude(self) -> Array:
        """The largest absolute value of every element."""
        return np.maximum(np.abs(self.low), np.abs(self.high))

    @property
    def bits(self) -> int:
        """The smallest of the standard widths that holds every element (two's complement if signed)."""
        return width_for(self.minimum, self.maximum)

    def hull(self, other: Interval) -> Interval:
        return Interval(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def contains(self, other: Interval) -> bool:
        return bool((self.low <= other.low).all() and (other.high <= self.high).all())


def width_for(low: int, high: int) -> int:
    """The smallest standard width that holds [low, high]; 64 if none does."""
    for bits in WIDTHS:
        if (low >= 0 and high < 1 << bits) or (low < 0 and -(1 << bits - 1) <= low and high < 1 << bits - 1):
            return bits
    return 64


@dataclass(frozen=True, eq=False)
class Signal:
    """A tensor of the graph (one sample, one time step): shape, meaning, range and hence width."""

    shape: Shape
    meaning: Meaning
    range: Interval

    @property
    def bits(self) -> int:
        return self.range.bits

    @property
    def signed(self) -> bool:
        return self.range.signed

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))
