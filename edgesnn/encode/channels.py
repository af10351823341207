"""The front end for multi-channel signals such as EEG: the samples themselves are the features."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.encode.front_end import FrontEnd
from edgesnn.integer import Array


@dataclass(frozen=True)
class ChannelFrontEnd(FrontEnd):
    """Every sample (one int16 a channel) is a frame: offset and gain, then spikes."""

    kind = "channels"

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
        return windows[:, 0]
