"""Quantised input: where samples enter the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Interval, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class Input(Operator):
    """The model's input of one time step: int8 values in [low, high].

    How raw data become these integers is the model's `Encoding`, which runs on the host.

    >>> model_input = Input(shape=(2,), low=0, high=127)
    >>> model_input.step((np.array([[0, 127]]),), ())[0]
    array([[  0, 127]])
    """

    shape: tuple[int, ...]
    low: int
    high: int

    arity = 0
    onnx_body = """
        y = Identity (x)
    """

    def __post_init__(self) -> None:
        if not self.shape or len(self.shape) > 3 or min(self.shape) < 1:
            raise self.fail(f"shape {self.shape} is not (N,), (C, L) or (C, H, W)", "Give 1 to 3 positive sizes")
        if not -128 <= self.low <= self.high <= 127:
            raise self.fail(f"range [{self.low}, {self.high}] is not within int8", "Use -128 <= low <= high <= 127")

    @property
    def meaning(self) -> Meaning:
        if (self.low, self.high) == (0, 1):
            return Meaning.SPIKE
        return Meaning.TERNARY if (self.low, self.high) == (-1, 1) else Meaning.GRADED

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return self.shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return self.meaning

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        return Interval.constant(self.shape, self.low, self.high), ()

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        """Passes the sample through. Raises ModelError where a value is outside [low, high]."""
        (x,) = inputs
        if x.size and (np.min(x) < self.low or np.max(x) > self.high):
            raise self.fail(
                f"values from {np.min(x)} to {np.max(x)} leave the declared range [{self.low}, {self.high}]",
                "Encode the sample with the model's encoding",
            )
        return x, ()
