"""Readout by time to first spike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.integer.operator import StateSpec
from edgesnn.integer.ops.readout import SCORE_BITS, SpikeReadout
from edgesnn.integer.signal import Array, Interval, Signal


@dataclass(frozen=True, eq=False)
class FirstSpike(SpikeReadout):
    """score = horizon - t at a neuron's first spike, t = 0, 1, ... being the time step; 0 before it.

    The earliest spike has the largest score. t stops at `horizon`, where a first spike scores nothing any more. A
    sample is decided in the step of its first spike, whose score no later one reaches, or at the horizon.

    >>> FirstSpike(horizon=4).step((np.array([[1, 1, 0]]),), (np.array([[0, 4, 0]]), np.array([[1]])))
    (array([[3, 4, 0]]), (array([[3, 4, 0]]), array([[2]])))
    """

    horizon: int

    onnx_states = ("score", "t")
    onnx_body = """
        zero = Constant <value = int32 {0}> ()
        one = Constant <value = int32 {1}> ()
        h64 = Constant <value_int : int = @horizon> ()
        h = Cast <to = 6> (h64)
        spiked = Cast <to = 9> (x)
        silent = Equal (score, zero)
        first = And (spiked, silent)
        left = Sub (h, t)
        y = Where (first, left, score)
        score_next = Identity (y)
        t_more = Add (t, one)
        t_next = Min (t_more, h)
    """

    def __post_init__(self) -> None:
        if not 1 <= self.horizon < 1 << 24:
            raise self.fail(f"horizon {self.horizon} is outside 1..2^24", "Use the number of time steps")

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("score", inputs[0].shape, SCORE_BITS, True), StateSpec("t", (1,), SCORE_BITS, True))

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        score, t = states
        score = np.where((inputs[0] == 1) & (score == 0), self.horizon - t, score)
        return score, (score, np.minimum(t + 1, self.horizon))

    def decided(self, states: tuple[Array, ...]) -> npt.NDArray[np.bool_]:
        score, t = states
        final: npt.NDArray[np.bool_] = (score > 0).any(axis=1) | (t[:, 0] >= self.horizon)
        return final

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        score = Interval.constant(inputs[0].low.shape, 0, self.horizon)
        return score, (score, Interval.constant((1,), 0, self.horizon))
