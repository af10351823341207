"""The Pareto front: what is not beaten in accuracy and in everything it takes."""

from __future__ import annotations

from collections.abc import Sequence

from edgesnn.fit.bounds import FIGURES, Bounds
from edgesnn.fit.measured import Measured

DEFAULT = ("flash_bytes", "ram_bytes", "instructions")


def objectives(measured: Sequence[Measured], bounds: Bounds) -> tuple[str, ...]:
    """What is to be small: the figures that are bounded, else memory and instructions; only those that are known."""
    wanted = bounds.given or DEFAULT
    known = [name for name in FIGURES if any(getattr(item.figures, name) is not None for item in measured)]
    return tuple(name for name in wanted if name in known)


def front(measured: Sequence[Measured], names: Sequence[str]) -> list[Measured]:
    """The trained configurations that no other one beats: at least as accurate, and no larger in any named figure."""
    trained = [item for item in measured if item.accuracy is not None]
    return [item for item in trained if not any(beats(other, item, names) for other in trained)]


def beats(one: Measured, other: Measured, names: Sequence[str]) -> bool:
    """Whether `one` is as good in everything and better in something."""
    mine, theirs = cost(one, names), cost(other, names)
    return all(a <= b for a, b in zip(mine, theirs, strict=True)) and mine != theirs


def cost(item: Measured, names: Sequence[str]) -> tuple[float, ...]:
    figures = tuple(float(getattr(item.figures, name)) for name in names)
    return (-(item.accuracy or 0.0), *figures)


def best(measured: Sequence[Measured], bounds: Bounds, names: Sequence[str]) -> Measured | None:
    """The most accurate that fits; among equals the one that takes the smallest share of what it may, or least."""
    fitting = [item for item in measured if item.fits(bounds)]
    return max(fitting, key=lambda item: (item.accuracy, [-value for value in cost(item, names)[1:]]), default=None)


def nearest(measured: Sequence[Measured], bounds: Bounds) -> Measured | None:
    """What misses the bounds by the smallest share."""
    weighed = [item for item in measured if item.refused is None]
    return min(weighed, key=lambda item: item.excess(bounds), default=None)
