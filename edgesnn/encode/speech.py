"""The front end for speech: logarithmic Mel band energies of overlapping windows."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from edgesnn.encode import mel
from edgesnn.encode.front_end import FrontEnd
from edgesnn.encode.logarithm import FRACTION_BITS, MAX_BITS, log2
from edgesnn.encode.spectrum import cosines, power
from edgesnn.integer import Array

WINDOW_BITS = 15
MIN_POINTS, MAX_POINTS = 32, 512
MAX_FLOOR_BITS = 40


@dataclass(frozen=True)
class SpeechFrontEnd(FrontEnd):
    """log2(floor + energy) of each Mel band in Q8: 25 ms windows every 10 ms in the usual design (`design_speech`).

        y[t] = x[t] - x[t-1] + round(x[t-1] / 2^preemphasis_shift)      pre-emphasis; x is 0 before the recording
        z[n] = (y[n] window[n] + 2^14) >> 15, zeros up to N points      window in Q15
        E[b] = sum over bins of 4 |Z[k]|^2 weight[b, k] (of 256)        `spectrum.power`, `mel.energies`
        feature[b] = log2(2^floor_bits + E[b])                          `logarithm.log2`

    Args:
        step: samples from one window to the next.
        window: one factor a sample, 0..32767; its length is the window's.
        cosine: see `spectrum.cosines`; its length tells N = 32..512.
        segments, weights: see `mel.design`.
    """

    step: int
    preemphasis_shift: int
    floor_bits: int
    window: tuple[int, ...]
    cosine: tuple[int, ...]
    segments: tuple[int, ...]
    weights: tuple[int, ...]

    kind = "speech"

    def __post_init__(self) -> None:
        super().__post_init__()
        points, length = self.points, len(self.window)
        fits = MIN_POINTS <= points <= MAX_POINTS and points & (points - 1) == 0
        self._want(fits, f"{points} points are no power of two from {MIN_POINTS} to {MAX_POINTS}")
        self._want(2 <= length <= points, f"a window of {length} samples is outside 2..{points}")
        self._want(1 <= self.step <= length, f"a step of {self.step} samples is outside 1..{length}")
        self._want(1 <= self.preemphasis_shift <= 15, f"preemphasis_shift {self.preemphasis_shift} is outside 1..15")
        self._want(
            0 <= self.floor_bits <= MAX_FLOOR_BITS, f"floor_bits {self.floor_bits} is outside 0..{MAX_FLOOR_BITS}"
        )
        self._want(all(0 <= value < 1 << WINDOW_BITS for value in self.window), "the window leaves 0..32767")
        # a cosine of another value could overflow; one of another machine may differ in the last place
        right = all(abs(ours - own) <= 1 for ours, own in zip(cosines(points), self.cosine, strict=True))
        self._want(right, "its cosines are none")
        self._check_bands()
        self._check_range()

    def _check_bands(self) -> None:
        bins = self.points // 2 + 1
        self._want(
            len(self.segments) == bins == len(self.weights), f"segments and weights are not those of {bins} bins"
        )
        rising = all(low <= high for low, high in zip(self.segments, self.segments[1:], strict=False))
        self._want(rising and self.segments[0] >= 0 and self.segments[-1] <= self.channels + 1, "segments do not rise")
        self._want(all(0 <= weight <= mel.WHOLE for weight in self.weights), "a weight leaves 0..256")

    def _check_range(self) -> None:
        """No feature that sound can give leaves int16: nothing is ever clipped."""
        low, high = self.floor_bits << FRACTION_BITS, MAX_BITS << FRACTION_BITS
        ends = self.scaled(np.array([[low], [high]]))
        self._want(bool((np.abs(ends) < 1 << 15).all()), "a gain lets features leave int16")

    @property
    def points(self) -> int:
        return 2 * (len(self.cosine) - 1)

    @property
    def inputs(self) -> int:
        return 1

    @property
    def window_size(self) -> int:
        return len(self.window) + 1

    @property
    def hop(self) -> int:
        return self.step

    @property
    def lead(self) -> int:
        return 1

    def measure(self, windows: Array) -> Array:
        x = windows[..., 0]
        before, half = x[:, :-1], 1 << self.preemphasis_shift - 1  # rounded: a bias of one half would fill low bands
        y = x[:, 1:] - before + (before + half >> self.preemphasis_shift)
        z = np.zeros((len(x), self.points), np.int64)
        window, cosine, segments, weights = self._arrays
        z[:, : len(window)] = y * window + (1 << WINDOW_BITS - 1) >> WINDOW_BITS
        energy = mel.energies(power(z, cosine), segments, weights, self.channels)
        return log2(energy + (1 << self.floor_bits))

    @functools.cached_property
    def _arrays(self) -> tuple[Array, Array, Array, Array]:
        return tuple(np.asarray(part, np.int64) for part in (self.window, self.cosine, self.segments, self.weights))  # type: ignore[return-value]


def hann(length: int) -> tuple[int, ...]:
    """A periodic Hann window in Q15."""
    return tuple(round((0.5 - 0.5 * math.cos(2 * math.pi * n / length)) * 32767) for n in range(length))
