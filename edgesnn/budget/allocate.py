"""Bits where they matter most: the best point of a grid within a budget."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Point = Mapping[str, int]
Judge = Callable[[Point], float]

EXHAUSTIVE = 64
"""A grid of so many points or fewer is searched whole."""


@dataclass(frozen=True)
class Allocation:
    """The point chosen, its cost (never above the budget), its accuracy, and how many points were judged."""

    point: Point
    cost: float
    accuracy: float
    judged: int


class _Judged:
    """Asks for every point's accuracy once."""

    def __init__(self, accuracy: Judge) -> None:
        self.accuracy = accuracy
        self.known: dict[tuple[tuple[str, int], ...], float] = {}

    def __call__(self, point: Point) -> float:
        key = tuple(sorted(point.items()))
        if key not in self.known:
            self.known[key] = self.accuracy(point)
        return self.known[key]


def allocate(choices: Mapping[str, Sequence[int]], budget: float, cost: Judge, accuracy: Judge) -> Allocation | None:
    """The most accurate point whose cost is within the budget, cheapest first among equals; None where none is.

    Grids of up to 64 points are searched exhaustively. Larger ones greedily: from the largest value of every choice
    down, each time the step that loses the least accuracy for what it saves, until the point fits; then up again, as
    long as some step still fits and does not lose accuracy.

    Args:
        choices: values of each quantity, such as {"T": (1, 2, 4), "b_s": (1, 2), "b_w": (1, 4, 8)}.
        cost: of a point, such as T * b_s * b_w or bytes; exact, since feasibility is decided by it.
        accuracy: of a point, on calibration data; asked as rarely as possible.
    """
    judge = _Judged(accuracy)
    ordered = {name: sorted(set(values)) for name, values in choices.items()}
    if math.prod(len(values) for values in ordered.values()) <= EXHAUSTIVE:
        points = [dict(zip(ordered, values, strict=True)) for values in itertools.product(*ordered.values())]
        best: Point | None = max(
            (p for p in points if cost(p) <= budget), key=lambda p: (judge(p), -cost(p)), default=None
        )
    else:
        best = _up(ordered, budget, cost, judge, _down(ordered, budget, cost, judge))
    return None if best is None else Allocation(best, cost(best), judge(best), len(judge.known))


def _down(choices: Mapping[str, Sequence[int]], budget: float, cost: Judge, judge: Judge) -> Point | None:
    point: Point = {name: values[-1] for name, values in choices.items()}
    while cost(point) > budget:
        steps = [step for step in _neighbours(choices, point, -1) if cost(step) < cost(point)]
        if not steps:
            return None
        fitting = [step for step in steps if cost(step) <= budget]
        here, paid = judge(point), cost(point)
        point = min(fitting or steps, key=lambda step: (here - judge(step)) / (paid - cost(step)))
    return point


def _up(
    choices: Mapping[str, Sequence[int]], budget: float, cost: Judge, judge: Judge, point: Point | None
) -> Point | None:
    while point is not None:
        steps = [step for step in _neighbours(choices, point, +1) if cost(step) <= budget]
        better = max(steps, key=judge, default=None)
        if better is None or judge(better) <= judge(point):
            return point
        point = better
    return None


def _neighbours(choices: Mapping[str, Sequence[int]], point: Point, direction: int) -> list[Point]:
    """Points one step away in one quantity."""
    found: list[Point] = []
    for name, values in choices.items():
        index = values.index(point[name]) + direction
        if 0 <= index < len(values):
            found.append({**point, name: values[index]})
    return found
