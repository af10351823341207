"""What a power meter saw: current, voltage and the marker pin, sample by sample at one rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Levels = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Trace:
    """One capture of n samples, as the meter gave it: nothing is averaged, filled in or smoothed.

    Args:
        where: the meter and its port, for errors.
        rate_hz: samples a second, by the meter's clock.
        current_a: (n,) amperes; NaN where the meter says that it has no value.
        voltage_v: volts, (n,) where the meter measures them, else a scalar that was set or stated.
        marker: (n,) level of the marker pin.
        numbers: (n,) the meter's own count of samples; a number that is missing is a sample that was lost.
        resolution_a: (n,) or scalar, amperes of the smallest step at that sample.
        clipped: (n,) the sample is at the end of the meter's scale.
        ranges: (n,) measuring range of each sample, the largest for the most current; None where the meter has none or
            does not tell. top_range: above it there is no other.
        arrivals: (m, 2) how many samples had come, and when, in seconds of time.monotonic().
        stopped_s: when the capture ended, on the same clock.
    """

    where: str
    rate_hz: float
    current_a: Floats
    voltage_v: Floats
    marker: Levels
    numbers: Integers
    resolution_a: Floats
    clipped: Levels
    ranges: Integers | None
    top_range: int
    arrivals: Floats
    stopped_s: float

    @property
    def times_s(self) -> Floats:
        """(n,) when each sample was taken, since the first one."""
        times: Floats = (self.numbers - self.numbers[0]) / self.rate_hz
        return times

    @property
    def power_w(self) -> Floats:
        return self.current_a * self.voltage_v

    @property
    def start_s(self) -> float:
        """When the first sample was taken, on the host's clock. Samples can come late but not early, so the earliest
        arrival tells; what remains is the shortest time that a sample needs to get here."""
        counts, times = self.arrivals.T
        return float(np.min(times - counts / self.rate_hz))

    def index(self, time_s: float) -> int:
        """The sample taken at that time of the host's clock."""
        return int(np.clip((time_s - self.start_s) * self.rate_hz, 0, len(self.current_a)))

    def at(self, index: int) -> str:
        """A place in the trace, for errors."""
        return f"sample {index:,} ({self.times_s[index]:.4f} s)"


def stretches(levels: npt.NDArray[Any]) -> Integers:
    """(k, 2) first sample, and the one after the last, of every stretch of true levels.

    >>> stretches(np.array([0, 1, 1, 0, 1], bool)).tolist()
    [[1, 3], [4, 5]]
    """
    edges = np.diff(np.concatenate(([0], levels.astype(np.int8), [0])))
    return np.stack((np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)), axis=1)
