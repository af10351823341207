"""ReL-PSP neurons in ticks: V(t) = sum of w_i (t - t_i) over inputs before t, one spike at the first V >= threshold."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning.events import Events, Records
from edgesnn.integer.signal import Array


def crossings(weight: Array, events: Events, threshold: int, horizon: int) -> tuple[Array, Array]:
    """Ticks and slopes (outputs,) of the first crossings; tick `horizon` where there is none before it.

    After each input, S = sum of w and P = sum of w t_i over the inputs so far: the potential S t - P reaches the
    threshold at tick ceil((threshold + P) / S), if S > 0 and the next input is no earlier. One division a neuron that
    fires; the test itself, threshold + P <= S t at the next input's tick t, has none. Inputs of one tick add nothing
    at that tick, so their order is of no matter.
    """
    slopes = weight[:, events.neuron].cumsum(1)
    pulls = (weight[:, events.neuron] * events.time).cumsum(1)
    until = np.append(events.time[1:], horizon - 1)[: len(events)]
    reached = (slopes > 0) & (threshold + pulls <= slopes * until)
    ticks = np.full(len(weight), horizon)
    rise = slopes[:, -1].copy() if len(events) else np.zeros(len(weight), np.int64)
    for neuron in np.flatnonzero(reached.any(1)):
        first = reached[neuron].argmax()
        rise[neuron] = slopes[neuron, first]
        ticks[neuron] = -(-(threshold + pulls[neuron, first]) // rise[neuron])
    return ticks, rise


def ticked(weight: Array, events: Events, threshold: int, horizon: int) -> Array:
    """The same ticks, by a loop over ticks: v += s; a spike where v >= threshold; then s += w x. What a board without
    event lists would do, and a check of `crossings`."""
    s, v = np.zeros(len(weight), np.int64), np.zeros(len(weight), np.int64)
    ticks = np.full(len(weight), horizon)
    for t in range(horizon):
        v += s
        ticks = np.where((v >= threshold) & (ticks == horizon), t, ticks)
        s += weight[:, events.neuron[events.time == t]].sum(1)
    return ticks


def records(ticks: Array, slopes: Array, horizon: int) -> Records:
    """Of the neurons that fired, in the order of their ticks."""
    fired = np.flatnonzero(ticks < horizon)
    order = fired[np.argsort(ticks[fired], kind="stable")]
    none = np.zeros(len(order), np.int64)
    return Records(Events(ticks[order], order), none - 1, slopes[order], none)
