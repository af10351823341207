"""Multiply, add, shift: from one fixed-point scale to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator, check_int32, differing, parameter, per_neuron
from edgesnn.integer.signal import INT32_MAX, Array, Interval, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class Rescale(Operator):
    """y = clip((x * multiplier + offset) >> shift, low, high), an arithmetic shift: it rounds down.

    multiplier and offset: a scalar or one a channel or element. x * multiplier and the sum are proven to fit int32.
    Rounding half up is an offset of 2^(shift-1); a batch normalisation folds into multiplier and offset.

    >>> Rescale(multiplier=3, offset=2, shift=2).step((np.array([[5, -5, 100]]),), ())[0]
    array([[ 4, -4, 75]])
    """

    multiplier: Array = 1  # type: ignore[assignment]
    offset: Array = 0  # type: ignore[assignment]
    shift: int = 0
    low: int = -INT32_MAX
    high: int = INT32_MAX

    onnx_body = """
        two = Constant <value = int64 {2}> ()
        sh = Constant <value_int : int = @shift> ()
        lo = Constant <value_int : int = @low> ()
        hi = Constant <value_int : int = @high> ()
        one = Constant <value = int64 {1}> ()
        zero = Constant <value = int64 {0}> ()
        x64 = Cast <to = 7> (x)
        m64 = Cast <to = 7> (multiplier)
        o64 = Cast <to = 7> (offset)
        product = Mul (x64, m64)
        total = Add (product, o64)
        unit = Pow (two, sh)
        unit_1 = Sub (unit, one)
        negative = Less (total, zero)
        down = Sub (total, unit_1)
        floored = Where (negative, down, total)
        shifted = Div (floored, unit)
        capped = Min (shifted, hi)
        clipped = Max (capped, lo)
        y = Cast <to = 6> (clipped)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "multiplier", parameter(self.multiplier))
        object.__setattr__(self, "offset", parameter(self.offset))
        if not 0 <= self.shift <= 30:
            raise self.fail(f"shift {self.shift} is outside 0..30", "Choose a shift in that range")
        if not -INT32_MAX <= self.low <= self.high <= INT32_MAX:
            raise self.fail(f"clip range [{self.low}, {self.high}] is empty or beyond int32", "Give low <= high")

    @property
    def clips(self) -> bool:
        """Whether saturation is part of this operator's meaning."""
        return self.low > -INT32_MAX or self.high < INT32_MAX

    def check(self, inputs: tuple[Signal, ...]) -> None:
        per_neuron(self, "multiplier", self.multiplier, inputs[0].shape)
        per_neuron(self, "offset", self.offset, inputs[0].shape)

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return inputs[0].shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return np.clip(self.shifted(inputs[0]), self.low, self.high), ()

    def shifted(self, x: Array) -> Array:
        """The result before it is clipped."""
        return (x * self.multiplier + self.offset) >> self.shift

    def clipped(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> Array:
        return differing(self.shifted(inputs[0]), self.step(inputs, states)[0])

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        for x in (inputs[0].low, inputs[0].high):
            product = x * self.multiplier
            check_int32(self, "x * multiplier", product)
            check_int32(self, "x * multiplier + offset", product + self.offset)
        (a, _), (b, _) = self.step((inputs[0].low[None],), ()), self.step((inputs[0].high[None],), ())
        return Interval(np.minimum(a, b)[0], np.maximum(a, b)[0]), ()

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size if bool((self.multiplier != 1).any()) else 0
