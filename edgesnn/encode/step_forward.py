"""Step-Forward encoding: the threshold-adaptive code with a threshold that never adapts."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.encode.constant_step import ConstantStepEncoder
from edgesnn.encode.encoder import Samples, Spikes, State, crossings


@dataclass(frozen=True)
class StepForwardEncoder(ConstantStepEncoder):
    """s = sign of x - base where it exceeds theta, base += s theta.

    Source: Kasabov et al., "Evolving spatio-temporal data machines based on the NeuCube neuromorphic framework",
    Neural Networks 78, 2016.

    >>> import numpy as np
    >>> StepForwardEncoder(1.0).encode(np.array([0.0, 3, 3, 3, 3]))
    array([0, 1, 1, 0, 0], dtype=int8)
    """

    def start(self, first: Samples) -> State:
        return State({"base": first + 0 * self.height})

    def step(self, state: State, x: Samples) -> Spikes:
        spikes = crossings(x - state["base"], self.height)
        self.rebuild(state, spikes)
        return spikes
