"""The last layer of MPD-ED as a rule of Loihi's learning engine: reward-modulated, with an error for a reward."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Array
from edgesnn.integer.learning.arithmetic import powers
from edgesnn.integer.learning.learner import MOST_HALVINGS
from edgesnn.targets.loihi.learning.rule import EXPONENTS, Product, Rule

TAG_MAX = 255
MOST_TAG_BITS = 3
SAME_RATE = 3
"""A tag's unit times 2^exponent is 2^(SAME_RATE - rate_shift) where a weight moves as far as MPD-ED's master does.

There: error 2^12 n / 2^rate_shift in 2^-8 of a weight. Here a weight is doubled, an error of 1 is 127, and the product
of tag and error loses 5 bits of 12: 2^exponent error 2^7 tag / 2^5.
"""
ONE = 127
"""The third factor of an error of 1."""


def slot_bits(steps: int, depth: int) -> int:
    """log2 of the time steps that a sample takes: its own, what the layers lag, and one for the error to arrive."""
    return (steps + depth).bit_length()


def rule_of(rate_shift: int, steps: int, decimate: int, seed: int) -> Rule:
    """A tag counts the spikes of a sample; at its end weights move by tag times error, and tags return to zero.

    Raises UnsupportedModelError where the engine has no such rate.
    """
    most = min(MOST_TAG_BITS, (TAG_MAX // steps).bit_length() - 1) if steps <= TAG_MAX else -1
    bits = min(most, SAME_RATE - rate_shift - EXPONENTS[0])
    if bits < 0:
        raise UnsupportedModelError(
            "learning", f"rate_shift {rate_shift} with {steps} time steps is too slow for Loihi's learning engine",
            f"Choose a rate_shift of up to {max(1, SAME_RATE - EXPONENTS[0])}, and up to {TAG_MAX} time steps",
        )  # fmt: skip
    exponent = SAME_RATE - rate_shift - bits
    return Rule(
        dw=(Product(1, exponent, "u", ("t", "y2")), Product(-1, exponent, "u", ("t", "y3"))),
        dt=(Product(1, bits, "x0"), Product(-1, 0, "u", ("t",))),
        decimate=decimate,
        seed=seed,
    )


def errors(potentials: Array, label: int, softness: int, halvings: int) -> Array:
    """p - [label], rounded, an error of 1 being 127 >> halvings; p halves for every 2^softness that a class is behind.

    Computed by the host: it needs all potentials at once.
    """
    behind = potentials.max() - potentials
    sixteenths = behind << 4 - softness if softness < 4 else behind >> softness - 4
    parts = powers(np.minimum(sixteenths, 1 << 10))
    one, total = ONE >> halvings, int(parts.sum())
    found: Array = (2 * one * parts + total) // (2 * total)
    found[label] -= one
    return found


def halvings(learned: int, halve_every: int) -> int:
    """How often the rate has been halved: the host sends errors half as large."""
    return min(learned // halve_every, MOST_HALVINGS) if halve_every else 0


def third_factors(found: Array) -> Array:
    """(3, classes) for y1 (unused), y2 and y3, which have no sign: what is to grow, and what is to shrink."""
    return np.stack([np.zeros_like(found), np.maximum(-found, 0), np.maximum(found, 0)])
