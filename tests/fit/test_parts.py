"""Units, bounds, the search space, the Pareto front: the parts of a search that need no training."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from edgesnn.compression.stages import Prune, State, Steps, Weights
from edgesnn.errors import ConfigError, FileError
from edgesnn.fit import units, words
from edgesnn.fit.bounds import Bounds, Figures, excess
from edgesnn.fit.front import best, front, nearest, objectives
from edgesnn.fit.measured import Measured, Store
from edgesnn.fit.promise import promising
from edgesnn.fit.space import space_of
from edgesnn.fit.stages import structural
from edgesnn.layers import Lif, Membrane, QuantInput, QuantLinear
from edgesnn.target import Limits
from tests.fit.network import Tiny


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (units.byte_count, "64K", 65536), (units.byte_count, "1.5 MiB", 3 << 19), (units.byte_count, "100", 100),
        (units.count, "1M", 10**6), (units.count, "2.5k", 2500),
        (units.microjoules, "50uJ", 50.0), (units.microjoules, "50 µJ", 50.0), (units.microjoules, "2mJ", 2000.0),
    ],
)  # fmt: skip
def test_units(read: object, text: str, value: float) -> None:
    assert read(text) == value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "text"),
    [(units.byte_count, "64Q"), (units.byte_count, "-1K"), (units.count, "0"), (units.microjoules, "50"),
     (units.microjoules, "uJ")],
)  # fmt: skip
def test_nonsense_is_refused(read: object, text: str) -> None:
    with pytest.raises(ConfigError, match="is not"):
        read(text)  # type: ignore[operator]


def test_the_boards_own_bounds_hold_too() -> None:
    both = Bounds(flash_bytes=100, instructions=5).within(Limits(flash_bytes=80, ram_bytes=60))
    assert both == Bounds(80, 60, 5, None)
    assert both.given == ("flash_bytes", "ram_bytes", "instructions")


def test_excess_is_a_share_and_a_figure_that_nobody_knows_is_no_bound() -> None:
    found = excess(Bounds(flash_bytes=100, ram_bytes=50), Figures(flash_bytes=125, ram_bytes=25))
    assert found == {"flash_bytes": 0.25, "ram_bytes": -0.5}
    with pytest.raises(ConfigError, match="instructions: is bounded, but this board cannot tell"):
        excess(Bounds(instructions=5), Figures())


def test_space_of_a_network() -> None:
    space = space_of(Tiny(), {})
    assert space.choices == {
        "weight_bits": (1, 2, 4, 8), "state_bits": (2, 4, 8), "time_steps": (1, 2), "channels": (25, 50, 75, 100),
    }  # fmt: skip
    assert space.present == {"weight_bits": 1, "state_bits": 8, "time_steps": 2, "channels": 100}
    assert space.size == len({tuple(point.values()) for point in space.points()}) == 96
    assert space.smallest == {"weight_bits": 1, "state_bits": 2, "time_steps": 1, "channels": 25}
    assert (space.fixed, space.grid) == ({}, "zero_free")


def test_wanted_values_replace_the_usual_ones_but_not_the_present() -> None:
    space = space_of(Tiny(), {"weight_bits": (2, 4), "channels": (60,)})
    assert (space.choices["weight_bits"], space.choices["channels"]) == ((1, 2, 4), (60, 100))
    for wrong in ({"weight_bits": (3,)}, {"channels": (0,)}, {"channels": (101,)}, {"time_steps": (0,)}):
        with pytest.raises(ConfigError, match="is not possible"):
            space_of(Tiny(), wrong)


def test_an_axis_that_a_network_does_not_have_is_named_with_the_reason() -> None:
    network = nn.Sequential(QuantInput((4,), 3), QuantLinear(4, 6), Lif(), QuantLinear(6, 2), Membrane())
    space = space_of(network, {})
    assert set(space.choices) == {"state_bits", "time_steps"}
    assert set(space.fixed) == {"weight_bits", "channels"}
    assert space.choices["time_steps"] == (1, 2, 3)
    with pytest.raises(ConfigError, match="no layer between"):
        space_of(network, {"weight_bits": (1,)})


def test_stages_make_what_differs_from_the_network() -> None:
    network, space = Tiny(), space_of(Tiny(), {})
    assert structural(network, space, space.present) == []
    wanted = {"weight_bits": 2, "state_bits": 4, "time_steps": 1, "channels": 50}
    assert structural(network, space, wanted) == [
        Prune(0.5, "svs", ("conv1",)), Steps(1), Weights("zero_free", 2), State(4),
    ]  # fmt: skip


def measured(accuracy: float | None, flash: int, ram: int = 10, number: int = 0) -> Measured:
    return Measured((("weight_bits", number),), Figures(flash, ram), accuracy, 100 if accuracy else 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=12))
def test_front_is_what_nothing_beats(points: list[tuple[int, int, int]]) -> None:
    items = [measured(0.1 * a, f, r, i) for i, (a, f, r) in enumerate(points)]
    names = ("flash_bytes", "ram_bytes")
    found = front([item for item in items if item.accuracy is not None], names)
    for item, (a, f, r) in zip(items, points, strict=True):
        beaten = any((b >= a and g <= f and s <= r) and (b, g, s) != (a, f, r) for b, g, s in points)
        assert (item in found) != beaten


def test_best_is_the_most_accurate_that_fits() -> None:
    items = [
        measured(0.9, 120, number=1),
        measured(0.8, 90, number=2),
        measured(0.8, 80, number=3),
        measured(None, 200),
    ]
    bounds = Bounds(flash_bytes=100)
    assert objectives(items, bounds) == ("flash_bytes",)
    assert best(items, bounds, ("flash_bytes",)) == items[2]
    assert best(items, Bounds(flash_bytes=70), ("flash_bytes",)) is None
    assert nearest(items, Bounds(flash_bytes=70)) == items[2]
    assert words.misses(items[2], Bounds(flash_bytes=64)) == "flash 80 B, 16 B (25.0 %) more than 64 B"


def test_what_was_not_trained_never_wins() -> None:
    items = [measured(None, 5, number=n) for n in range(3)]
    assert best(items, Bounds(), ()) is None
    assert front(items, ("flash_bytes",)) == []


def test_a_refusal_never_fits() -> None:
    refused = Measured((), Figures(), None, 0, "lif1: cannot")
    assert not refused.fits(Bounds())
    assert nearest([refused], Bounds(flash_bytes=1)) is None
    assert "refused, lif1: cannot" in words.line(refused, Bounds())


def test_measurements_are_kept_and_read_back_checked(tmp_path: Path) -> None:
    store, item = Store(tmp_path, "f" * 64), measured(0.5, 100)
    assert store.load(item.point) is None
    store.save(item)
    assert store.load(item.point) == item
    assert Store(tmp_path, "e" * 64).load(item.point) is None  # another network, data or recipe
    path = store.place(item.point) / "measured.json"
    for damaged in ("{", '{"accuracy": "0.99"}', "[]"):
        path.write_text(damaged)
        with pytest.raises(FileError):
            store.load(item.point)


def test_weighed_only_is_measured_again_where_the_bounds_are_looser() -> None:
    item = measured(None, 100)
    assert item.answers(Bounds(flash_bytes=90))
    assert not item.answers(Bounds(flash_bytes=98))  # within the margin that training may change
    assert not item.answers(Bounds(flash_bytes=200))
    assert not item.answers(Bounds())


def test_study_asks_every_point_once_and_then_stops(tmp_path: Path) -> None:
    """A sampler may repeat itself; a search must not. The first two are the network as it is and the smallest."""
    from edgesnn.fit.study import Study

    space = space_of(Tiny(), {"weight_bits": (1, 2), "state_bits": (8,), "channels": (100,)})
    study = Study("q", space, Bounds(), tmp_path / "q.journal", seed=0)
    asked = []
    for accuracy in itertools.count():
        found = study.ask()
        if found is None:
            break
        trial, point = found
        asked.append(tuple(point.values()))
        study.tell(trial, Measured(tuple(point.items()), Figures(1, 1), accuracy / 10, 10))
    assert asked[0] == tuple(space.present.values())
    assert asked[1] == tuple(space.smallest.values())
    assert sorted(asked) == sorted(tuple(point.values()) for point in space.points())
    again = Study("q", space, Bounds(), tmp_path / "q.journal", seed=1)
    assert [item.point for item in again.known()] == [dict(zip(space.choices, point, strict=True)) for point in asked]
    assert again.ask() is None


def test_a_good_model_is_found_in_few_trials(tmp_path: Path) -> None:
    """A synthetic board on which accuracy and memory grow with everything: 16 trials of 96 find what all would."""
    from edgesnn.fit.study import Study

    def flash(point: Mapping[str, int]) -> int:
        return 4 * point["weight_bits"] + point["state_bits"] + 2 * point["time_steps"] + point["channels"] // 5

    def accuracy(point: Mapping[str, int]) -> float:
        lost = 1 / point["weight_bits"] + 1 / point["state_bits"] + 1 / point["time_steps"] + 50 / point["channels"]
        return 1 - lost / 10

    space, bounds = space_of(Tiny(), {}), Bounds(flash_bytes=40)
    optimum = max(accuracy(point) for point in space.points() if flash(point) <= 40)
    for seed in range(2):
        study = Study(f"q{seed}", space, bounds, tmp_path / "q.journal", seed)
        for _ in range(16):
            found = study.ask()
            assert found is not None
            trial, point = found
            known = accuracy(point) if flash(point) <= 40 else None
            study.tell(trial, Measured(tuple(point.items()), Figures(flash(point), 1), known, 10))
        winner = best(study.known(), bounds, ("flash_bytes",))
        assert winner is not None and winner.figures.flash_bytes is not None
        assert winner.figures.flash_bytes <= 40
        assert winner.accuracy == pytest.approx(optimum, abs=0.005)


def test_promising_is_what_no_measurement_speaks_against() -> None:
    space = space_of(Tiny(), {})
    middle = {"weight_bits": 4, "state_bits": 4, "time_steps": 1, "channels": 50}
    small = Measured(tuple(middle.items()), Figures(10, 1), 0.9, 10)
    fits, too_large = Bounds(flash_bytes=20), Bounds(flash_bytes=5)
    above = [p for p in space.points() if all(p[axis] >= middle[axis] for axis in p)]
    below = [p for p in space.points() if all(p[axis] <= middle[axis] for axis in p)]
    everything = list(space.points())
    assert promising(everything, [], fits) == everything
    assert promising(everything, [small], fits) == [p for p in everything if p not in below]
    assert promising(everything, [small], too_large) == [p for p in everything if p not in above]
    refused = Measured(tuple(middle.items()), Figures(), None, 0, "no")
    assert promising(everything, [refused], fits) == everything


def test_whether_a_process_runs_is_known() -> None:
    from edgesnn.fit.study import alive

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert alive(process.pid) and alive(os.getpid())
    assert not alive(process.pid)


def test_storage_that_cannot_be_used(tmp_path: Path) -> None:
    from edgesnn.fit.study import Study

    with pytest.raises(ConfigError, match="storage nonsense://x: cannot be used"):
        Study("q", space_of(Tiny(), {}), Bounds(), "nonsense://x", seed=0)


def test_machines_share_a_database(tmp_path: Path) -> None:
    """Two searches of one question in a database: neither asks what the other does."""
    from edgesnn.fit.study import Study

    space = space_of(Tiny(), {"weight_bits": (1, 2), "state_bits": (8,), "channels": (100,)})
    here, there = (Study("q", space, Bounds(), f"sqlite:///{tmp_path / 'q.db'}", seed) for seed in (0, 1))
    asked = []
    for study in (here, there, here, there):
        found = study.ask()
        assert found is not None
        asked.append(tuple(found[1].values()))
        study.tell(found[0], Measured(tuple(found[1].items()), Figures(1, 1), 0.5, 10))
    assert len(set(asked)) == 4 == space.size
    assert here.known() == there.known()
    assert here.ask() is None and there.ask() is None
