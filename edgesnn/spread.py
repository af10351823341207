"""How a figure varies from sample to sample: event-driven cost follows the spikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Distribution:
    """Of a figure over samples. median and percentile_95 are figures that a sample has: the smallest that half, or
    95 %, of the samples do not exceed."""

    samples: int
    lowest: float
    median: float
    percentile_95: float
    highest: float

    def scaled(self, factor: float) -> Distribution:
        """Of a figure that is so many times this one."""
        figures = (self.lowest, self.median, self.percentile_95, self.highest)
        return Distribution(self.samples, *(factor * figure for figure in figures))


def distribution(figures: Sequence[int]) -> Distribution | None:
    """None of nothing.

    >>> distribution([3, 1, 2, 10])
    Distribution(samples=4, lowest=1.0, median=2.0, percentile_95=10.0, highest=10.0)
    """
    if not figures:
        return None
    found = np.percentile(figures, (0, 50, 95, 100), method="inverted_cdf")
    return Distribution(len(figures), *(float(figure) for figure in found))
