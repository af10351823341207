"""Allocation: within the budget always, and as good as an exhaustive search on small grids."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.budget import allocate
from edgesnn.budget.allocate import EXHAUSTIVE

SMALL = {"T": (1, 2, 4, 8), "b_s": (1, 2, 3, 4), "b_w": (1, 2, 4, 8)}  # 64 points, as many as are searched whole
LARGE = {f"layer{i}": (1, 2, 4, 8) for i in range(5)}  # 1,024 points


def bit_budget(point: Mapping[str, int]) -> float:
    return float(math.prod(point.values()))


def weight_bits(point: Mapping[str, int]) -> float:
    return float(sum(point.values()))


def table_of(choices: Mapping[str, tuple[int, ...]], seed: int) -> dict[tuple[int, ...], float]:
    """An accuracy for every point, in no order at all."""
    points = list(itertools.product(*choices.values()))
    return dict(zip(points, np.random.default_rng(seed).random(len(points)), strict=True))


@given(st.integers(0, 1000), st.floats(0.5, 300))
def test_small_grids_get_the_best_point_there_is(seed: int, budget: float) -> None:
    assert math.prod(map(len, SMALL.values())) == EXHAUSTIVE
    accuracies = table_of(SMALL, seed)
    found = allocate(SMALL, budget, bit_budget, lambda point: accuracies[tuple(point.values())])
    fitting = [point for point in accuracies if math.prod(point) <= budget]
    if not fitting:
        assert found is None
        return
    assert found is not None
    assert found.cost <= budget
    assert found.accuracy == max(accuracies[point] for point in fitting)
    assert found.judged == len(fitting)  # what does not fit is not trained either


@given(st.integers(0, 1000), st.integers(3, 45))
def test_large_grids_stay_within_the_budget(seed: int, budget: int) -> None:
    accuracies = table_of(LARGE, seed)
    found = allocate(LARGE, budget, weight_bits, lambda point: accuracies[tuple(point.values())])
    if budget < len(LARGE):
        assert found is None
        return
    assert found is not None
    assert found.cost == weight_bits(found.point) <= budget
    assert found.accuracy == accuracies[tuple(found.point.values())]
    assert found.judged < 200


@given(st.lists(st.floats(0, 3), min_size=5, max_size=5), st.integers(5, 40))
def test_greedy_is_optimal_where_layers_do_not_interact(sensitivity: list[float], budget: int) -> None:
    """Concave gains a layer and unit steps: the case in which steepest steps are known to lead to the top."""
    choices = {f"layer{i}": tuple(range(1, 9)) for i in range(5)}

    def accuracy(point: Mapping[str, int]) -> float:
        return -sum(s * 2.0**-bits for s, bits in zip(sensitivity, point.values(), strict=True))

    found = allocate(choices, budget, weight_bits, accuracy)
    assert found is not None and found.cost <= budget
    best = best_separable(sensitivity, budget)
    assert found.accuracy >= best - 1e-9


def best_separable(sensitivity: list[float], budget: int) -> float:
    """The optimum by dynamic programming over layers."""
    totals = {0: 0.0}
    for s in sensitivity:
        reached: dict[int, float] = {}
        for used, value in totals.items():
            for bits in range(1, 9):
                if used + bits <= budget:
                    gained = value - s * 2.0**-bits
                    reached[used + bits] = max(reached.get(used + bits, -math.inf), gained)
        totals = reached
    return max(totals.values())


def test_equals_are_settled_by_cost() -> None:
    found = allocate(SMALL, 100.0, bit_budget, lambda point: 0.5)
    assert found is not None
    assert found.point == {"T": 1, "b_s": 1, "b_w": 1}
