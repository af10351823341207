"""Loihi's numbers: mixed-sign 8-bit weights with a shared exponent, and 13-bit biases with their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array
from edgesnn.targets.loihi.linear import Matrix

WEIGHT_LOW, WEIGHT_HIGH = -256, 254
"""Mixed-sign weights are even: Lava and the chip drop their lowest bit."""
WEIGHT_EXPONENTS = (0, -1, 1, 2, 3, 4, 5, 6, 7)
"""In order of preference: plain even weights, then odd ones as twice their value and exponent -1."""
WEIGHT_LIMIT = 127 * 256 + 127
"""Largest weight that two synapses (value / 256 with exponent 7, and the remainder) always add up to."""
BIAS_MANTISSA_BITS = 13
BIAS_EXPONENTS = range(8)


@dataclass(frozen=True, eq=False)
class Synapses:
    """Effective weight = mantissa * 2^exponent; mantissas are even, from -256 to 254. Zeros are not stored."""

    mantissa: Matrix
    exponent: int


def synapses_for(weight: Matrix) -> list[Synapses] | None:
    """One set of synapses that holds `weight` exactly, else two that add up to it; None if neither can."""
    single = _single(weight)
    if single:
        return [single]
    if np.abs(weight.data).max() > WEIGHT_LIMIT:
        return None
    fine = weight.copy()
    fine.data = ((weight.data + 128) & 255) - 128
    pair = [_single(weight - fine), _single(fine)]
    return [half for half in pair if half is not None]


def _single(weight: Matrix) -> Synapses | None:
    weight = weight.tocsr()
    weight.eliminate_zeros()
    weight.sort_indices()
    for exponent in WEIGHT_EXPONENTS:
        # an exponent of -1 doubles the mantissa; Lava and the chip halve the sum again, which is even
        doubled = weight.data * 2 if exponent < 0 else weight.data
        step = 2 << max(exponent, 0)
        scaled = doubled >> max(exponent, 0)
        if (doubled % step == 0).all() and (scaled >= WEIGHT_LOW).all() and (scaled <= WEIGHT_HIGH).all():
            mantissa = weight.copy()
            mantissa.data = scaled
            return Synapses(mantissa, exponent)
    return None


def bias_registers(bias: Array) -> tuple[Array, Array] | None:
    """(mantissa, exponent) of each bias, the smallest exponent that fits; None where one has no such form."""
    mantissa, exponent = np.zeros_like(bias), np.full_like(bias, -1)
    limit = 1 << BIAS_MANTISSA_BITS - 1
    for power in BIAS_EXPONENTS:
        candidate = bias >> power
        fits = (exponent < 0) & (candidate << power == bias) & (candidate >= -limit) & (candidate < limit)
        mantissa, exponent = np.where(fits, candidate, mantissa), np.where(fits, power, exponent)
    return None if (exponent < 0).any() else (mantissa, exponent)
