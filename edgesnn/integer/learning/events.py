"""What a sample leaves behind for the backward walk: events, and a record of each spike of a layer that learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from edgesnn.integer.signal import Array


@dataclass(frozen=True)
class Events:
    """Spikes in the order of their time, those of one time by neuron."""

    time: Array
    neuron: Array

    def __len__(self) -> int:
        return len(self.time)

    @staticmethod
    def of(spikes: Array) -> Events:
        """Of a train (steps, neurons) of 0 and 1."""
        time, neuron = np.nonzero(spikes)
        return Events(time, neuron)


@dataclass(frozen=True)
class Records:
    """Spikes of a layer, in order. An input event belongs to a spike's window if previous < time <= the spike's time.

    slope: what the firing step added to the potential (std-ed), or how fast it rose (stdbp). excess: how far it went
    beyond the threshold (mpd-ed); below it for the last step of a neuron that stayed silent.
    """

    events: Events
    previous: Array
    slope: Array
    excess: Array

    def __len__(self) -> int:
        return len(self.events)


def charged(weight: Array, x: Array, threshold: int, limit: int) -> Iterator[tuple[Array, Array]]:
    """Potentials (outputs,) before and after the charge of each step; those at the threshold then start from 0."""
    v = np.zeros(len(weight), np.int64)
    for step in x:
        active = np.flatnonzero(step)
        after = np.clip(v + weight[:, active].sum(1), -limit, limit) if len(active) else v
        yield v, after
        v = np.where(after >= threshold, 0, after)


def integrate(weight: Array, x: Array, threshold: int, limit: int) -> tuple[Array, Records]:
    """Spikes (steps, outputs) and their records, of integrate-and-fire neurons that are reset to zero.

    v = saturate(v + sum of w x) at +-limit; a spike where v >= threshold; as `edgesnn.integer.ops.IntegrateFire`.
    """
    last = np.full(len(weight), -1)
    spikes = np.zeros((len(x), len(weight)), np.int64)
    previous, slope, excess = [], [], []
    for t, (before, v) in enumerate(charged(weight, x, threshold, limit)):
        fired = np.flatnonzero(v >= threshold)
        spikes[t, fired] = 1
        previous.append(last[fired])
        slope.append(v[fired] - before[fired])
        excess.append(v[fired] - threshold)
        last[fired] = t
    joined = (np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (previous, slope, excess))
    return spikes, Records(Events.of(spikes), *joined)
