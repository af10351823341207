"""The benchmark's networks have the bits that its grid says, as integer models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from benchmarks.bit_budget import GRID, RIVALS, Network, Outcome, Point, done, table
from edgesnn.budget.bits import layers_of
from edgesnn.lower import lower


@pytest.mark.parametrize("point", GRID, ids=lambda point: f"T{point.steps}-s{point.spike_bits}-w{point.weight_bits}")
def test_bits_of_a_point(point: Point) -> None:
    torch.manual_seed(0)
    model = lower(Network(point), "grid")  # which compares torch with the interpreter, integer by integer
    first, *others = layers_of(model)
    assert (first.steps, first.spike_bits, first.weight_bits) == (1, 7, point.weight_bits)
    assert [layer.bit_budget for layer in others] == [point.bit_budget] * 2
    assert {(layer.steps, layer.spike_bits) for layer in others} == {(point.steps, point.spike_bits)}


def test_rivals_have_equal_budgets() -> None:
    for spikes, steps in RIVALS:
        assert GRID[spikes].bit_budget == GRID[steps].bit_budget
        assert GRID[spikes].spike_bits > GRID[steps].spike_bits and GRID[spikes].steps < GRID[steps].steps


def outcome(place: int, seed: int, accuracy: float) -> Outcome:
    point = GRID[place]
    return Outcome(
        "mnist", place, point.steps, point.spike_bits, point.weight_bits, point.bit_budget, seed, 100, 1, accuracy,
        1.0, 0.5, 0.5, 10, 20.0, 0.1, 1.0,
    )  # fmt: skip


def test_table_says_whether_the_claim_holds(tmp_path: Path) -> None:
    spikes, steps = RIVALS[0]
    runs = [outcome(spikes, 0, 0.96), outcome(spikes, 1, 0.98), outcome(steps, 0, 0.95)]
    shown = table(runs)
    assert "| mnist | 2 | 2 | 4 | 16 | 97.00 ± 1.41 | 2 | 97.5 |" in shown
    assert "BB 16: spike bits +2.00 points against time steps: the claim holds" in shown
    assert "does not hold" in table([outcome(spikes, 0, 0.9), outcome(steps, 0, 0.95)])
    path = tmp_path / "b.json"
    path.write_text(json.dumps([run.__dict__ for run in runs]))
    assert done(path) == runs
