"""What every spike encoder is: a recursion over samples whose decoder needs nothing but the spikes."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from edgesnn.errors import DataError

Spikes = npt.NDArray[np.int8]
Samples = npt.NDArray[Any]


@dataclass
class State:
    """What one recursion carries from sample to sample: arrays of the channels' shape, by name."""

    values: dict[str, Samples]

    def __getitem__(self, name: str) -> Samples:
        return self.values[name]

    def __setitem__(self, name: str, value: Samples) -> None:
        self.values[name] = value


@dataclass(frozen=True)
class Encoder(abc.ABC):
    """Turns samples x (T, *channels) into ternary spikes {-1, 0, 1} of the same shape, every channel on its own.

    The first sample is the header: it is sent as it is, its spikes are 0, and the recursion starts from it. So an
    offset of the signal changes nothing.
    """

    @abc.abstractmethod
    def start(self, first: Samples) -> State:
        """The state after the first sample."""

    @abc.abstractmethod
    def step(self, state: State, x: Samples) -> Spikes:
        """Spikes of one sample; advances the state."""

    @abc.abstractmethod
    def rebuild(self, state: State, spikes: Spikes) -> Samples:
        """The decoder's step: what the receiver knows of the sample from its spikes; advances the state."""

    def encode(self, x: Samples, base: Samples | None = None) -> Spikes:
        """All spikes of x (T, *channels) at once; `base`: see `stream`. Raises DataError where x has no time axis."""
        return self.stream(base).push(x)

    def decode(self, spikes: Spikes, first: Samples | float = 0, coded_first: bool = False) -> Samples:
        """The signal (T, *channels) that the spikes tell of, from its first sample (or, with `coded_first`, from the
        base that encoding started from, the first sample being told by spikes)."""
        start = np.broadcast_to(np.asarray(first), spikes.shape[1:])
        state = self.start(start)
        rebuilt = [self.rebuild(state, step) for step in spikes[0 if coded_first else 1 :]]
        return np.stack(rebuilt if coded_first else [start, *rebuilt])

    def stream(self, base: Samples | None = None) -> Stream:
        """The same recursion, fed with chunks of any length.

        base: (*channels) where to start from instead of the first sample, whose level is then told by spikes too.
        """
        return Stream(self, base)


class Stream:
    """An encoder under way: `push` chunks (n, *channels), n >= 0; their spikes joined are those of `Encoder.encode`."""

    def __init__(self, encoder: Encoder, base: Samples | None = None) -> None:
        self.encoder = encoder
        self.state = None if base is None else encoder.start(base)

    def push(self, x: Samples) -> Spikes:
        """Spikes of the next samples. Raises DataError where x has no time axis."""
        x = np.asarray(x)
        if x.ndim == 0:
            raise DataError("encoder", "a single number is no signal", "Give samples (T, *channels)")
        spikes = np.zeros(x.shape, np.int8)
        for t, sample in enumerate(x):
            if self.state is None:
                self.state = self.encoder.start(sample)
            else:
                spikes[t] = self.encoder.step(self.state, sample)
        return spikes


def crossings(difference: Samples, threshold: Samples) -> Spikes:
    """+1 where the difference is above the threshold, -1 where it is below minus the threshold, else 0; strict."""
    return (difference > threshold).astype(np.int8) - (difference < -threshold).astype(np.int8)
