"""What a criterion says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.integer import Array

Figures = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Of each group of channels, by its number: `score`, the larger the more it matters, and `tie`, which decides where
    scores are equal; after that the lower group number counts as the smaller. Groups without a score are NaN."""

    score: Figures
    tie: Figures

    def worst_first(self, groups: Array) -> Array:
        """These group numbers by rising score, reproducibly."""
        order = np.lexsort((groups, self.tie[groups], self.score[groups]))
        return groups[order]


class Means:
    """Means over the channels of each group, gathered layer by layer."""

    def __init__(self, groups: int) -> None:
        self.total, self.count = np.zeros(groups), np.zeros(groups)

    def add(self, groups: Array, values: Figures) -> None:
        """values[i] belongs to groups[i]; coupled channels are scored together, by their mean."""
        np.add.at(self.total, groups, values)
        np.add.at(self.count, groups, 1)

    def mean(self) -> Figures:
        result: Figures = np.divide(self.total, self.count, out=np.full_like(self.total, np.nan), where=self.count > 0)
        return result
