"""Tools, boards and ports that are missing or too small: exit 2, one message, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli, bench, cli, here, loihi_file, model_file, written

__all__ = ["bench", "cli", "here", "loihi_file", "model_file"]


def refused(cli: Cli, here: Path, words: list[object], expected: str) -> None:
    result = cli(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert expected in result.stderr
    assert written(here) == []


@pytest.mark.parametrize("verb", ["deploy", "build", "verify", "profile", "flash", "run"])
def test_too_big_for_the_board(verb: str, cli: Cli, here: Path, model_file: Path) -> None:
    data = ["--data", "mnist", "--limit", "2"] if verb == "run" else []
    refused(cli, here, [verb, model_file, "--board", "tiny", *data], "needs 144 bytes of 0 [flash] (1 more")


@pytest.mark.parametrize("verb", ["deploy", "build", "verify"])
def test_tool_that_is_missing(verb: str, cli: Cli, here: Path, model_file: Path) -> None:
    refused(cli, here, [verb, model_file, "--board", "unbuildable"], "apt-get install bench-cc")


@pytest.mark.parametrize("verb", ["verify", "profile"])
def test_device_that_is_silent(verb: str, cli: Cli, here: Path, model_file: Path) -> None:
    refused(cli, here, [verb, model_file, "--board", "silent", "--port", "/dev/none"], "/dev/none: nothing answers")


@pytest.mark.parametrize("board", ["mps2-an386", "host"])
def test_compiler_that_is_not_on_the_path(
    board: str, cli: Cli, here: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    refused(
        cli, here, ["deploy", model_file, "--target", "mcu", "--board", board], "is not installed or not on the PATH"
    )


def test_port_that_is_not_there(cli: Cli, here: Path, model_file: Path) -> None:
    words = ["verify", model_file, "--target", "mcu", "--board", "host", "--port", "/dev/none"]
    refused(cli, here, words, "/dev/none: cannot be opened")


def test_lava_environment_that_is_not_there(
    cli: Cli, here: Path, loihi_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", str(here / "no-python"))
    refused(cli, here, ["verify", loihi_file, "--target", "loihi"], "no-python")


def test_package_that_is_broken(cli: Cli, monkeypatch: pytest.MonkeyPatch, model_file: Path, here: Path) -> None:
    from importlib.metadata import EntryPoint

    import edgesnn.target as interface

    broken = [EntryPoint("broken", "tests.devices:BrokenTarget", "edgesnn.targets")]
    monkeypatch.setattr(interface, "entry_points", lambda group: broken)
    refused(cli, here, ["deploy", model_file, "--target", "broken"], "libnothing.so is missing")


def test_fault_of_our_own_has_no_stack_trace(cli: Cli, monkeypatch: pytest.MonkeyPatch, model_file: Path) -> None:
    from tests import devices

    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(devices.BenchTarget, "check", fail)
    result = cli("check", model_file, "--target", "bench")
    assert result.exit_code == 3
    assert "a fault of edgesnn itself, ZeroDivisionError: by nothing" in result.stderr
    assert "Traceback" not in result.stderr
