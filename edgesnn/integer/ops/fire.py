"""Threshold and reset, shared by every spiking neuron: order is charge, compare, reset."""

from __future__ import annotations

import enum

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Interval


class Reset(enum.IntEnum):
    """What a spike does to the membrane potential."""

    NONE = 0
    ZERO = 1
    SUBTRACT = 2


def reset_kind(op: Operator, reset: int) -> Reset:
    """Raises ModelError unless `reset` names a kind of reset."""
    try:
        return Reset(reset)
    except ValueError:
        raise op.fail(f"reset {reset!r} is unknown", "0 is none, 1 to zero, 2 subtract the threshold") from None


def strictness(op: Operator, strict: int) -> bool:
    """Raises ModelError unless `strict` is true or false, as 1 or 0 in a file."""
    if strict not in (0, 1):
        raise op.fail(f"strict {strict!r} is neither true nor false", "1 is >, 0 is >=")
    return bool(strict)


def spikes(v: Array, threshold: Array, strict: bool) -> Array:
    """1 where v > threshold (strict) or v >= threshold, else 0."""
    return (v > threshold if strict else v >= threshold).astype(np.int64)


def reset_after(v: Array, s: Array, threshold: Array, reset: Reset) -> Array:
    """The membrane potential after the reset of those that spiked."""
    if reset is Reset.NONE:
        return v
    return np.where(s == 1, 0 if reset is Reset.ZERO else v - threshold, v)


def fire_bound(v: Interval, threshold: Array, strict: bool, reset: Reset) -> tuple[Interval, Interval]:
    """Ranges of (spike, membrane potential after reset) for charged potentials in `v`."""
    spike = Interval(spikes(v.low, threshold, strict), spikes(v.high, threshold, strict))
    if reset is Reset.NONE:
        return spike, v
    highest_silent = np.minimum(v.high, threshold if strict else threshold - 1)
    lowest_firing = np.maximum(v.low, threshold + 1 if strict else threshold)
    after_low = np.zeros_like(v.low) if reset is Reset.ZERO else lowest_firing - threshold
    after_high = np.zeros_like(v.high) if reset is Reset.ZERO else v.high - threshold
    may_fire, may_stay = spike.high == 1, spike.low == 0
    low = np.where(may_stay, v.low, after_low)
    high = np.where(may_stay, highest_silent, after_high)
    low = np.where(may_fire, np.minimum(low, after_low), low)
    high = np.where(may_fire, np.maximum(high, after_high), high)
    return spike, Interval(low, high)
