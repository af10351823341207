"""`edgesnn models`, `targets`, `boards`, `doctor` and the help of every verb."""

from __future__ import annotations

import importlib
import re

import pytest
from click.testing import CliRunner

from edgesnn.cli import main
from edgesnn.cli.verbs import VERBS
from tests.cli.conftest import Cli, answer


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_says_what_it_is_for(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert VERBS[name] in " ".join(result.stdout.split())
    text, options = result.stdout.split("\nOptions:\n")
    assert "--json" in options and not re.search(r"\S {2,}\S", text)
    assert importlib.import_module(f"edgesnn.cli.{name}").command.name == name


def test_help_lists_every_verb_once() -> None:
    lines = CliRunner().invoke(main, ["--help"]).stdout.splitlines()
    for name in VERBS:
        assert sum(line.startswith(f"  {name} ") for line in lines) == 1


def test_no_arguments_shows_help() -> None:
    assert "Verbs:" in CliRunner().invoke(main, []).output


def test_models_have_names(cli: Cli) -> None:
    models = answer(cli("models", "--json"))["models"]
    assert {"q_snn", "q_snn_1w4u", "q_snn_1w2u", "q_snn_loihi"} <= {model["name"] for model in models}


def test_every_target_has_boards_and_its_default_is_one(cli: Cli) -> None:
    targets = answer(cli("targets", "--json"))["targets"]
    boards = answer(cli("boards", "--json"))["boards"]
    assert {"bench", "loihi", "mcu", "tflite"} == {target["name"] for target in targets}
    for target in targets:
        mine = {board["name"]: board for board in boards if board["target"] == target["name"]}
        assert list(mine) == target["boards"]
        assert [name for name, board in mine.items() if board["default"]] == [target["default_board"]]


def test_boards_of_one_target(cli: Cli) -> None:
    boards = answer(cli("boards", "--target", "bench", "--json"))["boards"]
    assert {board["target"] for board in boards} == {"bench"}


def test_lists_are_tables(cli: Cli) -> None:
    result = cli("boards", "--target", "bench")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["board", "target", "emulated", "what", "it", "is"]
    assert any(line.startswith("exact ") and "shows everything" in line for line in lines)
    assert "\x1b" not in result.stdout


def test_doctor_tells_yes_from_no(cli: Cli) -> None:
    result = cli("doctor", "--json")
    found = answer(result)
    findings = found["findings"]
    assert found["ok"] == all(item["present"] for item in findings if item["needed"])
    assert result.exit_code == (0 if found["ok"] else 1)
    assert {"python", "loihi", "mcu", "tflite", "data"} <= {item["area"] for item in findings}
    assert next(item for item in findings if item["what"].startswith("numpy"))["present"]
    assert all(item["detail"] for item in findings)


def test_doctor_finds_a_missing_package(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgesnn import doctor

    monkeypatch.setitem(doctor.REQUIRED, "no-such-package", "nothing")
    result = cli("doctor")
    assert result.exit_code == 1
    assert "pip install no-such-package" in result.stdout
