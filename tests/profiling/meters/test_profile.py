"""From the command line to joules: the real firmware runs, an emulated meter plays what its marker says."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Cli, answer, bench, cli, here, model_file
from tests.profiling.meters.board import Pin
from tests.profiling.meters.kit import playing, steady
from tests.targets.mcu.conftest import TARGET, model, samples

__all__ = ["bench", "cli", "here", "model_file"]

IDLE_A, ACTIVE_A, VOLTS = 1.5e-3, 9e-3, 3.3
MEASURE = ("--voltage", VOLTS, "--window", 0.3, "--samples", 3)


@pytest.fixture
def pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pin]:
    made = Pin(tmp_path, IDLE_A, ACTIVE_A)
    monkeypatch.setenv("ESNN_MARKER", str(made.name))
    yield made
    made.close()


def test_profile_with_the_marker_pin(cli: Cli, model_file: Path, pin: Pin) -> None:
    with playing(pin) as kit:
        words = ["profile", model_file, "--target", "mcu", "--board", "host", "--meter", f"ppk2:{kit.port}", *MEASURE]
        found = answer(cli(*words, "--json"))
        played = kit.marked_joules(VOLTS)
    measured = found["measurement"]
    assert (measured["label"], measured["meter"]) == ("measured", "Nordic Power Profiler Kit II")
    assert (measured["rate_hz"], measured["voltage_v"]) == (100_000, pytest.approx(VOLTS))
    assert measured["marker"] == "pin: the file that the environment variable ESNN_MARKER names"
    assert len(measured["windows"]) == len(played) == 5
    for window, joules in zip(measured["windows"], played, strict=True):
        assert window["inferences"] >= 10
        assert window["gross_joules"] == pytest.approx(joules, rel=0.005)
        assert window["joules"] == pytest.approx((ACTIVE_A - IDLE_A) * VOLTS * window["seconds"], rel=0.005)
    each = [1e6 * window["joules"] / window["inferences"] for window in measured["windows"]]
    assert measured["energy"]["value"] == pytest.approx(np.median(each))
    assert (measured["energy"]["low"], measured["energy"]["high"]) == pytest.approx((min(each), max(each)))
    assert measured["current_a"] == pytest.approx(ACTIVE_A, rel=0.005)
    assert measured["baseline_a"] == pytest.approx(IDLE_A, rel=0.005)
    assert found["energy"] == measured["energy"] == found["energies"][0]
    assert [figure["label"] for figure in found["energies"]] == ["measured", "arithmetic only"]
    assert any("host is no hardware: the meter measured what is wired to it" in note for note in found["notes"])


def test_profile_on_the_emulator_between_request_and_reply(cli: Cli, model_file: Path) -> None:
    """The port has no marker pin: it must be asked for by name, and the report says so."""
    words = ["profile", model_file, "--target", "mcu", "--board", "mps2-an386", *MEASURE]
    with playing(steady(IDLE_A, ACTIVE_A, 1.0, 100.0)) as kit:
        meter = ("--meter", f"ppk2:{kit.port}")
        refused = cli(*words, *meter)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "the board has no marker pin" in refused.stderr and "--marker link" in refused.stderr
        text = cli(*words, *meter, "--marker", "link").stdout
    assert "energy, measured" in text and "energy, modelled" in text and "energy, arithmetic only" in text
    assert "marker: link: between request and reply" in text
    current = re.search(r"mean current +([\d.]+) mA at 3.300 V, supplied by the meter, measured", text)
    assert current is not None
    assert float(current[1]) == pytest.approx(1e3 * ACTIVE_A, rel=0.02)
    assert "of idle before each window, subtracted, measured" in text


def test_deploy_reports_what_was_measured(cli: Cli, here: Path, model_file: Path, pin: Pin) -> None:
    words = ["deploy", model_file, "--target", "mcu", "--board", "host", "--out", "out", *MEASURE]
    with playing(pin) as kit:
        result = cli(*words, "--meter", f"ppk2:{kit.port}")
    assert result.exit_code == 0, result.stderr
    assert "measured (ppk2)" in result.stdout
    page = (here / "out" / "report.html").read_text()
    assert "by meter ppk2" in page and "energy is measured: Nordic Power Profiler Kit II, 3.300 V" in page
    from edgesnn.deployment import read_deployment

    stored = read_deployment(here / "out").profile.measurement
    assert stored is not None and stored.label == "measured" and len(stored.windows) == 5


def test_a_marker_that_is_not_wired_is_named(cli: Cli, here: Path, model_file: Path) -> None:
    with playing(steady(IDLE_A, ACTIVE_A, 100.0, 101.0)) as kit:
        words = ["profile", model_file, "--target", "mcu", "--board", "host", *MEASURE, "--meter", f"ppk2:{kit.port}"]
        result = cli(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no marker: the marker pin never rises. Wire the board's marker pin to input 0 of the meter" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("option", [("--voltage", 3), ("--marker", "link"), ("--window", 1)])
def test_options_of_a_meter_without_one(cli: Cli, model_file: Path, option: tuple[object, ...]) -> None:
    result = cli("profile", model_file, "--target", "mcu", "--board", "host", *option)
    assert result.exit_code == 2
    assert f"{option[0]}: makes sense with a power meter only" in result.stderr


def test_a_target_that_cannot_be_metered(cli: Cli, model_file: Path) -> None:
    with playing(steady(IDLE_A, ACTIVE_A, 0.1, 0.2)) as kit:
        words = ["profile", model_file, "--target", "tflite", "--meter", f"ppk2:{kit.port}", *MEASURE]
        result = cli(*words, "--marker", "link")
    assert result.exit_code == 2
    assert "Measure with --target mcu" in result.stderr


def test_input_that_changes_marks_every_step(tmp_path: Path, pin: Pin) -> None:
    """Such input must be loaded step by step, so the device cannot repeat by itself."""
    changing = model("many_classes")
    x = samples(changing, 1)[0]
    with TARGET.open(TARGET.build(changing, TARGET.board("host"), tmp_path / "build")) as session:
        assert session.repeat(x, 3, 10.0) == 3 * len(x)
        assert edges_of(pin, 2 * 3 * len(x)) == 2 * 3 * len(x)
        assert session.repeat(np.broadcast_to(x[:1], x.shape), 3, 10.0) == 1
        assert edges_of(pin, 2 * 3 * len(x) + 2) == 2 * 3 * len(x) + 2


def edges_of(pin: Pin, wanted: int) -> int:
    """The edges so far, once there are as many as wanted; a thread reads them."""
    deadline = time.monotonic() + 5
    while pin.edges < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return pin.edges
