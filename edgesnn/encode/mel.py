"""Triangular Mel bands over the bins of a power spectrum, two integers a bin.

The band edges cut the frequency axis into segments: segment m lies between edge m and edge m + 1, where band m rises
and band m - 1 falls. A bin knows its segment and how much of it goes to the rising band (of 256); the rest goes to the
falling one. So a spectrum is summed up in one pass with two accumulators.
"""

from __future__ import annotations

import math

import numpy as np

from edgesnn.integer import Array

WHOLE = 256


def mel(hertz: float) -> float:
    """O'Shaughnessy's scale: 1127 ln(1 + f / 700)."""
    return 1127 * math.log1p(hertz / 700)


def design(points: int, rate: int, bands: int, low: float, high: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(segments, weights) of the bins 0..points / 2: bins outside low..high have segment bands + 1, weight 0.

    low, high, rate in hertz. The bins below `low` are given the first segment with weight 0: they add nothing.
    """
    step = (mel(high) - mel(low)) / (bands + 1)
    segments, weights = [], []
    for bin_ in range(points // 2 + 1):
        position = (mel(bin_ * rate / points) - mel(low)) / step
        segment = math.floor(position)
        inside = 0 <= segment <= bands
        segments.append(segment if inside else 0 if segment < 0 else bands + 1)
        weights.append(round((position - segment) * WHOLE) if inside else 0)
    return tuple(segments), tuple(weights)


def energies(power: Array, segments: Array, weights: Array, bands: int) -> Array:
    """Band energies (..., bands) of power spectra (..., bins); rising part and falling part of each triangle."""
    rising, falling = np.zeros((2, len(segments), bands + 2), np.int64)
    bins = np.arange(len(segments))
    rising[bins, segments], falling[bins, segments] = weights, WHOLE - weights
    up, down = power @ rising, power @ falling
    return up[..., :bands] + down[..., 1 : bands + 1]
