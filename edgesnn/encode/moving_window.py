"""Moving-Window encoding: spikes where a sample differs enough from the mean of those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.encode.constant_step import ConstantStepEncoder
from edgesnn.encode.encoder import Samples, Spikes, State, crossings
from edgesnn.errors import DataError


@dataclass(frozen=True)
class MovingWindowEncoder(ConstantStepEncoder):
    """s = sign of x[t] - mean(x[t-window..t-1]) where it exceeds theta; the decoder adds s theta.

    At the start the window is full of the first sample. Source: as `ThresholdEncoder`.

    >>> MovingWindowEncoder(1.0, window=2).encode(np.array([0.0, 3, 3, 3, 3]))
    array([0, 1, 1, 0, 0], dtype=int8)
    """

    window: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.window < 1:
            raise DataError("encoder", f"a window of {self.window} samples has no mean", "Give at least 1")

    def start(self, first: Samples) -> State:
        held = np.repeat(np.asarray(first, np.float64)[None], self.window, axis=0)
        return State({"held": held, "base": held[0] + 0 * self.height})

    def step(self, state: State, x: Samples) -> Spikes:
        spikes = crossings(x - state["held"].mean(axis=0), self.height)
        state["held"] = np.concatenate([state["held"][1:], np.asarray(x)[None]])
        self.rebuild(state, spikes)
        return spikes
