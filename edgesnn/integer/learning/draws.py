"""Random numbers for stochastic rounding: the same from the same seed, on every machine."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.signal import Array

MULTIPLIER, INCREMENT = 1664525, 1013904223
"""x' = MULTIPLIER x + INCREMENT modulo 2^32 (Knuth and Lewis, in Numerical Recipes): one multiply-add a draw."""
MASK = (1 << 32) - 1
BLOCK = 1024


def _jumps(count: int) -> tuple[Array, Array]:
    """(a, c) such that k + 1 steps are x -> a[k] x + c[k]."""
    a, c = [MULTIPLIER], [INCREMENT]
    for _ in range(count - 1):
        a.append(a[-1] * MULTIPLIER & MASK)
        c.append(c[-1] * MULTIPLIER + INCREMENT & MASK)
    return np.array(a, np.uint64), np.array(c, np.uint64)


class Draws:
    """A sequence of 32-bit states; a draw of b bits is the b highest of the next."""

    factors, terms = _jumps(BLOCK)

    def __init__(self, seed: int) -> None:
        self.state = seed & MASK

    def take(self, count: int, bits: int) -> Array:
        """The next `count` draws of `bits` bits, up to 32.

        >>> draws = Draws(1)
        >>> draws.take(2, 32).tolist(), draws.state == (1015568748 * 1664525 + 1013904223) % 2**32
        ([1015568748, 1586005467], True)
        """
        found = [np.zeros(0, np.int64)]
        while count > 0:
            some = min(count, BLOCK)
            states = (self.factors[:some] * np.uint64(self.state) + self.terms[:some]) & np.uint64(MASK)
            found.append((states >> np.uint64(32 - bits)).astype(np.int64))
            self.state = int(states[-1])
            count -= some
        return np.concatenate(found)
