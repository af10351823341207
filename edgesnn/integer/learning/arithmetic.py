"""The arithmetic of learning: 32-bit integers, 16-bit factors, no division.

Everything here works on int64 arrays in Python, and on values for which 32 bits are enough at every step.
"""

from __future__ import annotations

import numpy as np

from edgesnn.integer.signal import Array

INT16_MAX = (1 << 15) - 1
RATIO_BITS = 12
"""Ratios and errors are in units of 2^-12."""
RATIO_ONE = 1 << RATIO_BITS

TABLE = np.array([((1 << 31) + (256 + k << 6) + 32) // ((256 + k << 7) + 64) for k in range(256)], np.int64)
"""2^31 / m, rounded, for the middle of each 256th of [2^15, 2^16)."""
POWERS = np.array([round(2 ** (15 - k / 16)) for k in range(16)], np.int64)
"""2^(15 - k / 16)."""


def bit_length(x: Array) -> Array:
    """Bits of |x|, 0 for 0: 32 minus the leading zeros."""
    lengths: Array = np.frexp(np.abs(x).astype(np.float64))[1].astype(np.int64)
    return lengths


def shifted(x: Array, right: Array | int) -> Array:
    """x / 2^right rounded to nearest, halves up; a negative shift multiplies.

    In 32 bits: ((x >> right - 1) + 1) >> 1, which is the same.

    >>> shifted(np.array([5, 6, -6, 3]), np.array([2, 2, 2, -1]))
    array([ 1,  2, -1,  6])
    """
    right = np.asarray(right, np.int64)
    down = np.clip(right, 0, 31)
    half = (np.int64(1) << down) >> 1
    return ((x + half) >> down) << np.clip(-right, 0, 31)


def saturated(x: Array, limit: int = INT16_MAX) -> Array:
    """Within +-limit."""
    return np.clip(x, -limit, limit)


def reciprocal(x: Array) -> tuple[Array, Array]:
    """(r, e) with 1 / x = r / 2^e, for 0 < x < 2^31; 2^15 <= r <= 2^16, within 3 of the true value.

    A table of 256 entries, then one step of Newton's method: r + r (2^31 - m r) / 2^31, where m is x scaled to 16 bits.

    >>> [part.tolist() for part in reciprocal(np.array([1, 3, 1000]))]
    [[65536, 43691, 33554], [16, 17, 25]]
    """
    top = bit_length(x) - 1
    m = np.where(top > 15, x >> np.maximum(top - 15, 0), x << np.maximum(15 - top, 0))
    guess = TABLE[(m >> 7) - 256]
    error = (1 << 31) - m * guess
    return guess + shifted(guess * (error >> 8), 23), top + 16


def scaled(x: Array, factor: tuple[Array, Array], up: int = 0) -> Array:
    """x 2^up r / 2^e, rounded, with x cut to its 15 leading bits; within +-32767.

    >>> scaled(np.array([5000, -5000, 1 << 24]), reciprocal(np.array(1000)), up=2).tolist()
    [20, -20, 32767]
    """
    r, e = factor
    cut = np.maximum(bit_length(x) - 15, 0)
    right = e - up - cut
    # a left shift by 16 saturates everything but 0 already
    quotient: Array = saturated(np.where(right > 31, 0, shifted((x >> cut) * r, np.clip(right, -16, 31))))
    return quotient


def powers(x: Array) -> Array:
    """2^15 2^(-x / 16) for x >= 0, rounded down from the table's 16 steps; 0 from 2^-16 on."""
    found: Array = POWERS[x & 15] >> np.minimum(x >> 4, 16)
    return found


def softmax_errors(scores: Array, label: int, softness: int, rival: int | None = None) -> Array:
    """p, less 1 at the label, in units of 2^-12, for p proportional to 2^(score / 2^softness); int32 scores.

    rival: the score of one more class, which is never the label and has no error.
    """
    everyone = scores if rival is None else np.append(scores, rival)
    behind = everyone.max() - everyone
    sixteenths = np.minimum(behind, 1 << 16) << 4 - softness if softness < 4 else behind >> softness - 4
    weights = powers(np.minimum(sixteenths, 1 << 10))
    r, e = reciprocal(weights.sum())
    errors = shifted(weights * r, e - RATIO_BITS)[: len(scores)]
    errors[label] -= RATIO_ONE
    return errors
