"""`edgesnn budget`: tables, JSON, Markdown, and what it says of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edgesnn.cli import main
from edgesnn.integer import file
from edgesnn.report import format as fmt
from tests.budget.test_effort import MIXED
from tests.factory import q_snn_like

FEW = ("--samples", "12")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    for model in (q_snn_like(), MIXED):
        file.save(model, tmp_path / f"{model.name}.onnx")
    return tmp_path / "q_snn_like.onnx", tmp_path / "mixed.onnx"


def budget(*words: object) -> Result:
    return CliRunner().invoke(main, ["budget", *(str(word) for word in words)])


def test_two_models_beside_each_other(models: tuple[Path, Path]) -> None:
    result = budget(*models, *FEW, "--json")
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)["budgets"]
    assert (first["model"], first["data"], first["rate"]["samples"]) == ("q_snn_like", "mnist test", 12)
    assert (second["model"], second["data"], second["accuracy"]) == ("mixed", "random input, seed 20240", None)
    assert [row["backend"] for row in first["rows"]] == [row["backend"] for row in second["rows"]]
    assert "our reconstruction" in json.loads(result.stdout)["definitions"]


def test_a_board_that_is_named_runs(models: tuple[Path, Path]) -> None:
    (found,) = json.loads(budget(models[0], "--board", "mps2-an386", *FEW, "--json").stdout)["budgets"]
    defined, board = found["rows"]
    assert (defined["instructions"], board["backend"]) == (None, "mcu/mps2-an386")
    assert board["instructions"] > 100_000
    assert (board["board_energy"]["label"], board["board_energy"]["table"]) == ("modelled", "nrf52840")


def test_text_and_markdown_say_the_same(models: tuple[Path, Path]) -> None:
    text, markdown = budget(models[0], *FEW).stdout, budget(models[0], *FEW, "--markdown").stdout
    assert "fair pair of q_snn_like" in text and "W1A2" in text
    header, rule, *rows = [line for line in markdown.splitlines() if line.startswith("|")]
    columns = [cell.strip() for cell in header.strip("|").split("|")]
    assert set(columns) >= {
        "T", "b_s", "b_w", "BB", "ACE or S-ACE", "NS-ACE", "SynOps", "rate", "weights", "states", "state traffic",
        "spikes", "accuracy", "arithmetic", "memory",
    }  # fmt: skip
    assert rule.count("---") == len(columns)
    phone = next(row for row in rows if "tflite/litert" in row)
    cells = dict(zip(columns, (cell.strip() for cell in phone.strip("|").split("|")), strict=True))
    assert (cells["b_w"], cells["b_s"], cells["BB"]) == ("8", "8", "128")
    assert "cmos45-memory" in cells["memory"]
    assert all(fact in text for fact in ("128", "204 M"))


def test_the_rate_is_told_with_its_samples_and_interval(models: tuple[Path, Path]) -> None:
    (found,) = json.loads(budget(models[0], *FEW, "--json").stdout)["budgets"]
    low, rate, high = (found["rate"][key] for key in ("low", "value", "high"))
    assert 0 < low < rate < high < 1
    for words in ((), ("--markdown",)):
        text = " ".join(budget(models[0], *FEW, *words).stdout.split())
        assert "12 samples (mnist test)" in text
        assert f"rate {fmt.percent(rate)} [{fmt.percent(low)}, {fmt.percent(high)}]" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--split", "train"), "trained on"),
        (("--board", "nowhere"), "is no board"),
        (("--data", "nothing.npz"), "nothing.npz"),
        (("--samples", "0"), "--samples"),
    ],
)
def test_mistakes_are_named(models: tuple[Path, Path], words: tuple[str, ...], message: str) -> None:
    result = budget(models[0], *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_model_nobody_knows() -> None:
    result = budget("q_sn", *FEW)
    assert result.exit_code == 2
    assert "q_snn" in result.stderr
