"""Where a random model's choices come from: hypothesis, which shrinks them, or a seed, which repeats them."""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

T = TypeVar("T")


class Source(abc.ABC):
    """A stream of choices."""

    @abc.abstractmethod
    def integer(self, low: int, high: int) -> int:
        """An integer in [low, high]; low is the simplest."""

    def choice(self, options: Sequence[T]) -> T:
        """One of the options; the first is the simplest."""
        return options[self.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent

    def rng(self) -> np.random.Generator:
        """For whole arrays, whose single elements are not worth a choice."""
        return np.random.default_rng(self.integer(0, (1 << 32) - 1))


class Drawn(Source):
    """Choices drawn by hypothesis."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))


class Seeded(Source):
    """Choices that depend on seeds only."""

    def __init__(self, *seeds: int) -> None:
        self.generator = np.random.default_rng(seeds)

    def integer(self, low: int, high: int) -> int:
        return int(self.generator.integers(low, high, endpoint=True))
