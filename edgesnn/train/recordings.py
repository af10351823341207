"""Random changes of training recordings: what another take of the same might have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.errors import DataError

Int16 = npt.NDArray[np.int16]

SPEEDS = (0.88, 1.12)
"""Duration and pitch change together."""
LOUDNESS = (0.5, 1.5)
LEAD_SAMPLES, CUT_SAMPLES = 400, 200
"""At most so many samples of silence in front, and so many samples cut off there: 50 and 25 ms at 8 kHz."""
NOISES = (0, 1, 2, 4, 8)
"""Standard deviation of white noise, in units of a sample."""


@dataclass(frozen=True)
class Copies:
    """What is added to training recordings: `count` altered copies of each, or blends where `blend` is not 0."""

    count: int = 0
    blend: float = 0.0
    seed: int = 0

    def added(
        self, recordings: Sequence[Int16], labels: npt.NDArray[np.int64]
    ) -> tuple[list[Int16], npt.NDArray[np.int64]]:
        """The recordings, then their copies. The same for the same seed."""
        if self.blend:
            return blended(recordings, labels, self.count, self.blend, self.seed)
        return with_copies(recordings, labels, self.count, self.seed)


def with_copies(
    recordings: Sequence[Int16], labels: npt.NDArray[np.int64], copies: int, seed: int
) -> tuple[list[Int16], npt.NDArray[np.int64]]:
    """The recordings, then `copies` altered ones of each, with their labels. The same for the same seed."""
    rng = np.random.default_rng(seed)
    more = [altered(raw, rng) for _ in range(copies) for raw in recordings]
    return [*recordings, *more], np.tile(labels, copies + 1)


def blended(
    recordings: Sequence[Int16], labels: npt.NDArray[np.int64], copies: int, amount: float, seed: int
) -> tuple[list[Int16], npt.NDArray[np.int64]]:
    """The recordings, then `copies` of each with `amount` of the difference of two others, drawn from one class.

    For signals that differ by noise more than by class, all of one shape: the noise of a copy is like that of a
    recording. Raises DataError where a class has one recording only.
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    if min(map(len, members)) < 2:
        raise DataError("recordings", "a class has one recording only", "Blend with two or more of each class")
    limits, more = np.iinfo(np.int16), []
    for _ in range(copies):
        for raw in recordings:
            one, other = rng.choice(members[rng.integers(len(members))], 2, replace=False)
            moved = raw + amount * (recordings[one].astype(np.float64) - recordings[other])
            more.append(np.clip(np.rint(moved), limits.min, limits.max).astype(np.int16))
    return [*recordings, *more], np.tile(labels, copies + 1)


def altered(raw: Int16, rng: np.random.Generator) -> Int16:
    """A recording (samples,) or (samples, channels): faster or slower, shifted, louder or softer, noisier."""
    speed = rng.uniform(*SPEEDS)
    times = np.arange(int(len(raw) / speed)) * speed
    columns = raw.reshape(len(raw), -1).astype(np.float64)
    moved = np.stack([np.interp(times, np.arange(len(raw)), column) for column in columns.T], axis=1)
    silence = np.zeros((rng.integers(0, LEAD_SAMPLES), moved.shape[1]))
    shifted = np.concatenate([silence, moved[rng.integers(0, CUT_SAMPLES) :]]) * rng.uniform(*LOUDNESS)
    noisy = shifted + rng.normal(0, rng.choice(NOISES), shifted.shape)
    limits = np.iinfo(np.int16)
    return np.clip(np.rint(noisy), limits.min, limits.max).astype(np.int16).reshape(-1, *raw.shape[1:])
