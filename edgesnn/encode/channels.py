"""The front end for multi-channel signals such as EEG: the samples themselves are the features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.encode.front_end import INT16_MAX, INT16_MIN, FrontEnd
from edgesnn.integer import Array


@dataclass(frozen=True)
class ChannelFrontEnd(FrontEnd):
    """Every sample (one int16 a channel) is a frame: offset and gain, then spikes.

    Args:
        reference: 0, or 1 where the channels' mean, rounded toward zero, is taken off each of them: what all electrodes
            see alike does not come from below one of them. Differences are held to int16.
    """

    reference: int = 0

    kind = "channels"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._want(self.reference in (0, 1), f"reference {self.reference} is not 0 or 1")

    @property
    def inputs(self) -> int:
        return self.channels

    @property
    def window_size(self) -> int:
        return 1

    @property
    def hop(self) -> int:
        return 1

    @property
    def lead(self) -> int:
        return 0

    def measure(self, windows: Array) -> Array:
        samples = windows[:, 0]
        if not self.reference:
            return samples
        total = samples.sum(axis=1, keepdims=True)
        mean = np.sign(total) * (np.abs(total) // self.channels)
        referenced: Array = np.clip(samples - mean, INT16_MIN, INT16_MAX)
        return referenced
