"""Energy: every table names its source, every figure its kind, and the arithmetic is what it says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from edgesnn.activity import Activity, activity
from edgesnn.energy import estimates, tables
from edgesnn.energy.table import FIGURES, LABELS, parse
from edgesnn.errors import ConfigError
from edgesnn.integer import run
from edgesnn.target import Board, Cost, Energy
from tests.factory import q_snn_like

BOARD = Board("mps2-an386", "", True)
COUNTED = {
    "a": Activity(None, None, 1000.0, 200.0, 5000, 30, 0),
    "b": Activity(10.0, 0.1, 0.0, 0.0, 0, 0, 100),
}

GOOD = """
title = "t"
kind = "operations"
label = "arithmetic only"
source = "s"
checked = "c"
excludes = "e"
[figures]
add_pj = [1, 2, 3]
multiply_pj = [4, 5, 6]
"""


@pytest.mark.parametrize("name", tables())
def test_every_table_says_where_it_is_from(name: str) -> None:
    table = tables()[name]
    assert re.search(r"\b(19|20)\d\d\b|Specification", table.source)
    assert len(table.checked) > 40
    assert table.excludes
    assert set(table.figures) == set(FIGURES[table.kind])
    assert all(f.low <= f.typical <= f.high for f in table.figures.values())


def test_published_figures() -> None:
    loihi, cmos = tables()["loihi"].figures, tables()["cmos45"].figures
    assert loihi["synaptic_op_pj"].typical == 23.6
    assert (loihi["neuron_update_pj"].low, loihi["neuron_update_pj"].high) == (52.0, 81.0)
    assert (cmos["add_pj"].low, cmos["add_pj"].high) == (0.03, 0.1)
    assert cmos["multiply_pj"].high == 3.1


def test_modelled_by_instructions() -> None:
    best = estimates(Cost(instructions=1e6), COUNTED, "mcu", BOARD)[0]
    assert (best.label, best.table, best.unit) == ("modelled", "nrf52840", "uJ")
    assert best.low == pytest.approx(1e6 * 1.0 * 3.3e-3 * 3.0 / 64e6 * 1e6)
    assert best.high == pytest.approx(1e6 * 2.0 * 6.3e-3 * 3.0 / 64e6 * 1e6)
    assert best.low < best.value < best.high


def test_modelled_by_events() -> None:
    best = estimates(Cost(), COUNTED, "loihi", Board("x", "", True))[0]
    assert (best.label, best.table) == ("modelled", "loihi")
    assert best.low == pytest.approx((1000 * 23.6 + 100 * 52 + 10 * 1.7) * 1e-6)
    assert best.high == pytest.approx((1000 * 23.6 + 100 * 81 + 10 * 1.7) * 1e-6)


def test_arithmetic_only_is_last_and_always_there() -> None:
    (only,) = estimates(Cost(), COUNTED, "mcu", BOARD)
    assert (only.label, only.table) == ("arithmetic only", "cmos45")
    assert only.low == pytest.approx((1100 * 0.03 + 230 * 0.2) * 1e-6)
    assert only.high == pytest.approx((1100 * 0.1 + 230 * 3.1) * 1e-6)


def test_measured_comes_first_and_kinds_stay_apart() -> None:
    measured = Energy(3.0, "uJ", "measured", "ppk2")
    found = estimates(Cost(instructions=1e6, energy=measured), COUNTED, "mcu", BOARD)
    assert found[0] == measured
    assert [energy.label for energy in found] == list(LABELS)


def test_board_names_its_table() -> None:
    board = Board("mine", "", False, {"energy_table": "nrf52840"})
    assert estimates(Cost(instructions=1.0), COUNTED, "other", board)[0].table == "nrf52840"


def test_activity_is_the_interpreters() -> None:
    model = q_snn_like()
    x = np.random.default_rng(0).integers(0, 128, (3, 2, 1, 28, 28))
    counted, traces = activity(model, x), run(model, x, record=["lif1", "conv2"]).traces
    spikes = traces["lif1"].output.sum() / 3
    assert counted["lif1"].spikes == pytest.approx(spikes)
    assert counted["lif1"].rate == pytest.approx(spikes / (2 * 3136))
    assert (counted["lif1"].updates, counted["conv2"].spikes) == (2 * 3136, None)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title", "titel", "Did you mean title?"),
        ('source = "s"', "", "key source is missing"),
        ("operations", "magic", "is not known"),
        ("arithmetic only", "guessed", "is not known"),
        ("[1, 2, 3]", "[3, 2, 1]", "Write \\[low, typical, high\\]"),
        ("[1, 2, 3]", "[1, 2]", "Write \\[low, typical, high\\]"),
        ("[1, 2, 3]", "[-1, 2, 3]", "Write \\[low, typical, high\\]"),
        ("add_pj", "sum_pj", "A table of operations has"),
        ("[figures]", "[figures", "is not TOML"),
    ],
)
def test_wrong_tables_are_refused(old: str, new: str, expected: str) -> None:
    assert parse("good", GOOD).figures["add_pj"].high == 3
    with pytest.raises(ConfigError, match=expected):
        parse("bad", GOOD.replace(old, new, 1))
