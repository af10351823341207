"""The threshold-adaptive encoder (TAE): a send-on-delta code whose step follows the signal.

Described in Wang et al., "Ternary spike-based neuromorphic signal processing system", Neural Networks 187:107333, 2025:
a base value and a variable threshold, both updated at every spike. The exact update below is a reconstruction.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass

import numpy as np

from edgesnn.encode.encoder import Encoder, Samples, Spikes, State, crossings
from edgesnn.errors import DataError

THETA_MAX = (1 << 16) - 1


class _Adaptive(Encoder):
    """The recursion, whatever the numbers: emit, move the base, then adapt the threshold.

        d = x - base;  s = sign of d where |d| > theta, else 0;  base += s theta
        theta grows (up to its maximum) where s repeats the last non-zero spike: the slope is steeper than the code;
        theta shrinks (down to its minimum) where s turns, and after each `silence` silent steps: finer in quiet parts

    theta depends on past spikes alone, so the decoder knows it without being told.
    """

    silence: int

    @abc.abstractmethod
    def theta0(self, first: Samples) -> Samples: ...

    @abc.abstractmethod
    def grown(self, theta: Samples) -> Samples: ...

    @abc.abstractmethod
    def shrunk(self, theta: Samples) -> Samples: ...

    def start(self, first: Samples) -> State:
        theta = self.theta0(first)
        zeros = np.zeros(first.shape, np.int64)
        return State({"base": first.astype(theta.dtype), "theta": theta, "last": zeros, "silent": zeros})

    def step(self, state: State, x: Samples) -> Spikes:
        spikes = crossings(x - state["base"], state["theta"])
        self.rebuild(state, spikes)
        return spikes

    def rebuild(self, state: State, spikes: Spikes) -> Samples:
        theta, last = state["theta"], state["last"]
        base: Samples = state["base"] + spikes * theta
        fired = spikes != 0
        silent = np.where(fired, 0, state["silent"] + 1)
        quiet = silent == self.silence
        repeats, turns = fired & (spikes == last), fired & (spikes == -last)
        theta = np.where(repeats, self.grown(theta), np.where(turns | quiet, self.shrunk(theta), theta))
        state["base"], state["theta"] = base, theta
        state["last"], state["silent"] = np.where(fired, spikes, last), np.where(quiet, 0, silent)
        return base


@dataclass(frozen=True)
class AdaptiveEncoder(_Adaptive):
    """TAE in floating point.

    theta, theta_min, theta_max: first, smallest and largest threshold, in the units of x.

    >>> AdaptiveEncoder(1.0, 0.125, 8.0).encode(np.array([0.0, 3, 3, 3, 3]))
    array([0, 1, 1, 0, 0], dtype=int8)
    """

    theta: float | tuple[float, ...]
    theta_min: float | tuple[float, ...]
    theta_max: float | tuple[float, ...]
    grow: float = 1.5
    shrink: float = 0.75
    silence: int = 4

    def __post_init__(self) -> None:
        low, first, high = (np.asarray(value) for value in (self.theta_min, self.theta, self.theta_max))
        if not ((low > 0).all() and (low <= first).all() and (first <= high).all() and np.isfinite(high).all()):
            raise DataError("encoder", "thresholds are not 0 < minimum <= first <= maximum", "Correct them")
        if not (self.grow > 1 > self.shrink > 0 and self.silence >= 1):
            raise DataError(
                "encoder", "grow, shrink or silence makes no sense", "Want grow > 1 > shrink > 0, silence >= 1"
            )

    @staticmethod
    def fitted(x: Samples, reach: float = 8.0, silence: int = 4) -> AdaptiveEncoder:
        """Thresholds from a signal (T, *channels): the standard deviation of its differences, and `reach` around it."""
        theta = np.std(np.diff(x, axis=0), axis=0)
        first, low, high = (tuple(np.ravel(value).tolist()) for value in (theta, theta / reach, theta * reach))
        return AdaptiveEncoder(first, low, high, silence=silence)

    def theta0(self, first: Samples) -> Samples:
        return np.broadcast_to(np.asarray(self.theta, np.float64), first.shape)

    def grown(self, theta: Samples) -> Samples:
        return np.minimum(theta * self.grow, self.theta_max)

    def shrunk(self, theta: Samples) -> Samples:
        return np.maximum(theta * self.shrink, self.theta_min)


@dataclass(frozen=True)
class FixedAdaptiveEncoder(_Adaptive):
    """TAE in integers, as firmware/frontend/esnn_tae.c computes it: no multiplication, no division.

        grown: min(theta + (theta >> 1), theta0 << span_up)     shrunk: max(theta - (theta >> 2), theta0 >> span_down)

    x are int16; thresholds are in the same unit, Q8.8 where x is, and their limits are those of the first threshold.
    The base never passes the sample, so it fits 16 bits as well: 6 bytes of state a channel.

    Args:
        theta: first threshold of each channel, 1..65535.
        span_down, span_up: a threshold stays from theta >> span_down, at least 1, to theta << span_up, at most 65535.
        silence: silent steps after which the threshold shrinks, 1..255.

    >>> FixedAdaptiveEncoder((256,)).encode(np.array([[0], [768], [768], [768], [768]])).ravel()
    array([0, 1, 1, 0, 0], dtype=int8)
    """

    theta: tuple[int, ...]
    span_down: int = 3
    span_up: int = 3
    silence: int = 4

    def __post_init__(self) -> None:
        if not self.theta or not all(1 <= theta <= THETA_MAX for theta in self.theta):
            raise DataError("encoder", "a threshold is outside 1..65535", "Scale the signal")
        if not (0 <= self.span_down <= 15 and 0 <= self.span_up <= 15 and 1 <= self.silence <= 255):
            raise DataError("encoder", "a span is outside 0..15 or silence outside 1..255", "Correct it")

    @property
    def limits(self) -> tuple[Samples, Samples]:
        """(smallest, largest) threshold of every channel."""
        theta = np.asarray(self.theta, np.int64)
        return np.maximum(theta >> self.span_down, 1), np.minimum(theta << self.span_up, THETA_MAX)

    def theta0(self, first: Samples) -> Samples:
        return np.broadcast_to(np.asarray(self.theta, np.int64), first.shape)

    def grown(self, theta: Samples) -> Samples:
        grown: Samples = np.minimum(theta + (theta >> 1), self.limits[1])
        return grown

    def shrunk(self, theta: Samples) -> Samples:
        shrunk: Samples = np.maximum(theta - (theta >> 2), self.limits[0])
        return shrunk
