"""How a device did sample by sample while it learned: whether it was right, and what each sample took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesnn.spread import Distribution, distribution
from edgesnn.taught import Taught

SHARE, FEWEST, MOST = 10, 10, 500
"""A running mean is over a tenth of the samples, but no fewer than 10 and no more than 500."""


@dataclass(frozen=True)
class BySample:
    """In the order in which samples were taught. right, learned: 1 or 0. forward, backward, update: instructions up to
    the decision, of errors, and of moving weights and thresholds; empty where the device does not count."""

    right: tuple[int, ...]
    learned: tuple[int, ...]
    forward: tuple[int, ...]
    backward: tuple[int, ...]
    update: tuple[int, ...]

    @property
    def window(self) -> int:
        """Samples of a running mean."""
        return min(max(len(self.right) // SHARE, FEWEST), MOST, len(self.right))

    def running_accuracy(self) -> tuple[float, ...]:
        """Over the `window` samples that end with a sample; from the first on that has so many."""
        sums = np.cumsum([0, *self.right])
        return tuple(((sums[self.window :] - sums[: -self.window]) / self.window).tolist())

    def spread(self) -> Spread | None:
        """None where the device does not count, or nothing was learned."""
        kept = [index for index, learned in enumerate(self.learned) if learned]
        parts = [[part[index] for index in kept] for part in (self.forward, self.backward, self.update) if part]
        if not kept or not parts:
            return None
        figures = [distribution(part) for part in (*parts, [sum(each) for each in zip(*parts, strict=True)])]
        return Spread(*(figure for figure in figures if figure is not None))


@dataclass(frozen=True)
class Spread:
    """How the instructions of a learned sample vary from sample to sample. whole: of all three parts together."""

    forward: Distribution
    backward: Distribution
    update: Distribution
    whole: Distribution


def by_sample(taught: Sequence[Taught], labels: Sequence[int]) -> BySample:
    """Of all samples; labels: their classes."""
    counts = [(one.forward, one.backward, one.update) for one in taught]
    series = [tuple(count for count in part if count is not None) for part in zip(*counts, strict=True)]
    return BySample(
        tuple(int(one.decision == label) for one, label in zip(taught, labels, strict=True)),
        tuple(int(one.learned) for one in taught),
        *series,
    )
