"""What the encoders with one fixed threshold share: their decoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.encode.encoder import Encoder, Samples, Spikes, State
from edgesnn.errors import DataError


@dataclass(frozen=True)
class ConstantStepEncoder(Encoder):
    """theta: threshold and height of a step, in the units of x, one for all channels or one a channel, above 0."""

    theta: float | tuple[float, ...]

    def __post_init__(self) -> None:
        if not (np.asarray(self.theta) > 0).all():
            raise DataError("encoder", f"a threshold of {self.theta} is not positive", "Give a positive one")

    @property
    def height(self) -> Samples:
        return np.asarray(self.theta)

    def rebuild(self, state: State, spikes: Spikes) -> Samples:
        """base += s theta."""
        state["base"] = state["base"] + spikes * self.height
        return state["base"]
