"""Threshold-based representation (TBR): spikes where a sample differs enough from the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.encode.constant_step import ConstantStepEncoder
from edgesnn.encode.encoder import Samples, Spikes, State, crossings


@dataclass(frozen=True)
class ThresholdEncoder(ConstantStepEncoder):
    """s = sign of x[t] - x[t-1] where it exceeds theta; the decoder adds s theta.

    The encoder looks at the signal, not at what the decoder knows of it, so errors add up. Source: Petro, Kasabov,
    Kiss, "Selection and optimization of temporal spike encoding methods for spiking neural networks", IEEE TNNLS
    31(2), 2020.

    >>> import numpy as np
    >>> ThresholdEncoder(1.0).encode(np.array([0.0, 3, 3, 3, 1]))
    array([ 0,  1,  0,  0, -1], dtype=int8)
    """

    def start(self, first: Samples) -> State:
        return State({"before": first, "base": first + 0 * self.height})

    def step(self, state: State, x: Samples) -> Spikes:
        spikes = crossings(x - state["before"], self.height)
        state["before"] = x
        self.rebuild(state, spikes)
        return spikes
