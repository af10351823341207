"""log2 in integers: the position of the leading one, and a table for the eight bits behind it."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array

FRACTION_BITS = 8
MAX_BITS = 63
"""Arguments are below 2^63."""

TABLE = np.floor(np.log2(1 + np.arange(256) / 256) * 256 + 0.5).astype(np.int64)
"""round(256 log2(1 + i / 256)): firmware/frontend/esnn_log2.c holds the same numbers, and a test compares the two."""


def log2(x: Array) -> Array:
    """log2(x) in Q8, for 1 <= x < 2^63; within 2 / 256.

    >>> log2(np.array([1, 2, 3, 1 << 40]))
    array([    0,   256,   406, 10240])
    """
    rest, leading = np.asarray(x, np.int64), np.zeros(np.shape(x), np.int64)
    for bits in (32, 16, 8, 4, 2, 1):
        above = rest >= 1 << bits
        leading += np.where(above, bits, 0)
        rest = np.where(above, rest >> bits, rest)
    behind = np.where(leading >= 8, x >> np.maximum(leading - 8, 0), x << np.maximum(8 - leading, 0)) & 255
    logarithm: Array = (leading << FRACTION_BITS) + TABLE[behind]
    return logarithm
