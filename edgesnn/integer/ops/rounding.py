"""Shifts that treat a number and its negative alike."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.signal import Array


def shift_toward_zero(x: Array, bits: int) -> Array:
    """sgn(x) * (|x| >> bits).

    >>> shift_toward_zero(np.array([5, -5, 1, -1]), 1)
    array([ 2, -2,  0,  0])
    """
    shifted: Array = np.sign(x) * (np.abs(x) >> bits)
    return shifted


def shift_half_away(x: Array, bits: int) -> Array:
    """sgn(x) * ((|x| + 2^(bits-1)) >> bits): the nearest integer, halves away from zero.

    >>> shift_half_away(np.array([5, -5, 2, -2, 1]), 2)
    array([ 1, -1,  1, -1,  0])
    """
    half = (1 << bits) >> 1
    shifted: Array = np.sign(x) * ((np.abs(x) + half) >> bits)
    return shifted
