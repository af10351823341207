"""Which configurations are worth a trial next: more of anything is taken to cost more and to know more.

The rule is right often, not always, and so it only orders: what it thinks little of comes last, and nothing is reported
by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgesnn.fit.bounds import Bounds
from edgesnn.fit.measured import Measured
from edgesnn.fit.space import MIXED, Configuration

AS_WIDE_AS_IT_IS = 1 << 16


def promising(points: Iterable[Configuration], known: Sequence[Measured], bounds: Bounds) -> list[Configuration]:
    """The points that have not at least as much of everything as one that was too large, nor at most as much of
    everything as one that fits."""
    judged = [item for item in known if item.refused is None]
    fitting = [item.point for item in judged if item.fits(bounds)]
    too_large = [item.point for item in judged if not item.fits(bounds)]
    return [
        point
        for point in points
        if not any(at_most(large, point) for large in too_large) and not any(at_most(point, fit) for fit in fitting)
    ]


def at_most(one: Configuration, other: Configuration) -> bool:
    """Whether one has no more of anything than the other."""
    return all(extent(one[axis]) <= extent(other[axis]) for axis in one)


def extent(value: int) -> int:
    """What is left as it is counts as wide."""
    return AS_WIDE_AS_IT_IS if value == MIXED else value
