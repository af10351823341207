"""The page of a device that learned, opened in a browser; a running mean; figures that plotly takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from selenium.webdriver import Chrome

from edgesnn import api
from edgesnn.by_sample import BySample, by_sample
from edgesnn.report.lesson import figures_of, page
from edgesnn.taught import Taught
from edgesnn.teaching import Teaching, against
from tests.report.test_page import DRAWN, opened, requests

KINDS = ["accuracy", "split", "spread", "course", "operations", "traffic", "memory"]


@pytest.fixture(scope="module")
def teaching(tmp_path_factory: pytest.TempPathFactory) -> Teaching:
    """30 samples on an emulated board that counts."""
    path = tmp_path_factory.mktemp("lesson") / "samples.npz"
    rng = np.random.default_rng(0)
    np.savez(path, samples=rng.integers(0, 256, (30, 20)), labels=rng.integers(0, 5, 30))
    return api.learn(rule="mpd-ed", board="mps2-an386", data=str(path), samples=30, new=(20, 6, 5))


def written(teaching: Teaching, folder: Path) -> Path:
    path = folder / "lesson.html"
    path.write_text(page(teaching), encoding="utf-8")
    return path


def test_draws_every_figure_and_asks_for_nothing(browser: Chrome, teaching: Teaching, tmp_path: Path) -> None:
    path = written(teaching, tmp_path)
    opened(browser, path)
    assert browser.get_log("browser") == []
    assert [url for url in requests(browser) if not url.startswith("data:")] == [path.as_uri()]
    plots = browser.execute_script("return [...document.querySelectorAll('.plot')].map(p => p.id)")
    assert plots == [f"t-{kind}" for kind in KINDS]
    assert browser.execute_script(DRAWN) == str(len(plots))
    drawn = browser.execute_script("return document.getElementById('t-course').data.map(trace => [...trace.y])")
    series = teaching.by_sample
    assert teaching.switched is not None
    parts = (series.forward, series.backward, series.update, teaching.switched.forward)
    assert drawn == [list(part) for part in parts]
    text = browser.execute_script("return document.body.innerText")
    assert "Learned as the reference learns" in text
    assert "modelled, nrf52840" in text
    assert "exact: weights, masters, thresholds, counts and decisions" in text


def test_a_difference_is_the_headline(browser: Chrome, teaching: Teaching, tmp_path: Path) -> None:
    opened(browser, written(replace(teaching, exact=False, difference="weights: [0] is 1, not 2"), tmp_path))
    text = browser.execute_script("return document.body.innerText")
    assert "Differences found" in text
    assert "DIFFERENT from the reference learner: weights: [0] is 1, not 2" in text


def test_figures_are_valid_plotly(teaching: Teaching) -> None:
    found = figures_of(teaching)
    assert list(found) == KINDS
    for _, _, figure in found.values():
        assert figure is not None
        go.Figure(figure)  # raises on an unknown attribute


def test_the_baseline_is_drawn_beside(teaching: Teaching) -> None:
    """Its instructions part by part, and its accuracy in the same figure; where it was not taught there is no plot."""
    both = against(teaching, replace(teaching, rule="stbp"))
    found = figures_of(both)
    assert list(found) == [*KINDS, "against"]
    bars, curves = found["against"][2], found["accuracy"][2]
    assert bars is not None and curves is not None
    go.Figure(bars)
    assert [trace["y"] for trace in bars["data"]] == [["mpd-ed", "stbp"]] * 3
    assert [trace["name"] for trace in curves["data"]][-1] == "those by stbp"
    assert "stbp was taught the same 30 samples in the same order" in page(both)
    assert "Against" not in page(teaching)


def test_a_running_mean_is_over_a_tenth_of_the_samples() -> None:
    """But over 10 at least, 500 at most, and no more than there are."""
    right = np.random.default_rng(1).integers(0, 2, 6000)
    for count, window in ((3, 3), (10, 10), (60, 10), (300, 30), (6000, 500)):
        series = BySample(tuple(right[:count].tolist()), (1,) * count, (), (), ())
        found = series.running_accuracy()
        assert (series.window, len(found)) == (window, count - window + 1)
        assert found == pytest.approx([right[end - window : end].mean() for end in range(window, count + 1)])


def test_what_was_not_learned_is_in_no_spread() -> None:
    taught = [Taught(1, True, 10, 5, 7), Taught(0, False, 99, 0, 3), Taught(1, True, 20, 6, 8)]
    series = by_sample(taught, [1, 1, 0])
    assert (series.right, series.learned, series.forward) == ((1, 0, 0), (1, 0, 1), (10, 99, 20))
    spread = series.spread()
    assert spread is not None
    assert (spread.forward.highest, spread.update.lowest, spread.whole.lowest) == (20, 7, 22)
    assert by_sample([Taught(1, True, None, None, None)], [1]).spread() is None
    assert by_sample(taught[1:2], [1]).spread() is None
