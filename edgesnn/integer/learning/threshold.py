"""A layer's threshold while it learns: it follows the firing rate, so that a silent layer wakes up."""

from __future__ import annotations

FRACTION_BITS = 8
RATE_ONE = 1 << 16
MEMORY_SHIFT = 4
MAX_THRESHOLD = (1 << 17) - 1
"""So that a threshold times a rate of 13 bits fits 32."""


class LearnedThreshold:
    """threshold += threshold (r - target) / 2^shift after each sample; r += (rate - r) / 16. All rounded down.

    Args:
        value: the first threshold, 1 or more.
        places: spikes that would be a rate of 1: neurons times steps, or neurons that fire at most once.
        target: in units of 2^-16; 0 leaves the threshold as it is.
        reach: the threshold stays within [value >> reach, value << reach].
    """

    def __init__(self, value: int, places: int, target: int, shift: int, reach: int = 4) -> None:
        self.fine = value << FRACTION_BITS
        self.low = max(1, value >> reach) << FRACTION_BITS
        self.high = min(value << reach, MAX_THRESHOLD) << FRACTION_BITS
        self.unit = max(1, RATE_ONE // places)
        self.target, self.shift = target, shift
        self.running = target

    @property
    def value(self) -> int:
        return self.fine >> FRACTION_BITS

    def adapt(self, spikes: int) -> None:
        """Takes the number of spikes of a sample."""
        if self.target:
            self.running += spikes * self.unit - self.running >> MEMORY_SHIFT
            off = self.running - self.target >> 4
            moved = self.fine + (self.value * off >> 12 - FRACTION_BITS + self.shift)
            self.fine = min(max(moved, self.low), self.high)
