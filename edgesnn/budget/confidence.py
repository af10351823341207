"""Confidence intervals of what is measured on samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure measured on `samples` samples, with its 95 % confidence interval; none from a single sample."""

    value: float
    low: float | None
    high: float | None
    samples: int


def mean(values: npt.NDArray[Any]) -> Estimate:
    """The mean of one value a sample, with Student's interval."""
    from scipy.stats import t

    count, value = len(values), float(np.mean(values))
    if count < 2:
        return Estimate(value, None, None, count)
    half = float(t.ppf((1 + LEVEL) / 2, count - 1)) * float(np.std(values, ddof=1)) / count**0.5
    return Estimate(value, value - half, value + half, count)


def proportion(successes: int, count: int) -> Estimate:
    """A share of samples, with Wilson's interval."""
    from scipy.stats import binomtest

    interval = binomtest(successes, count).proportion_ci(LEVEL, "wilson")
    return Estimate(successes / count, float(interval.low), float(interval.high), count)
