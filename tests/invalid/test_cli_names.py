"""Names the commands do not know: one message with the nearest known one, exit 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli, answer, bench, cli, here, loihi_file, model_file, written

__all__ = ["bench", "cli", "here", "loihi_file", "model_file"]

CASES = {
    "verb": (["verfy"], "Did you mean verify?"),
    "verb far from any": (["qqqqq"], "Verbs: models, targets"),
    "option": (["verify", "--traget", "mcu"], "--target"),
    "missing value": (["verify", "--target"], "requires an argument"),
    "superfluous argument": (["models", "now"], "unexpected extra argument"),
    "samples zero": (["verify", "MODEL", "--target", "bench", "--samples", "0"], "range"),
    "samples not a number": (["verify", "MODEL", "--target", "bench", "--samples", "many"], "not a valid integer"),
    "target": (["deploy", "MODEL", "--target", "benhc"], "Did you mean bench?"),
    "target of boards": (["boards", "--target", "tflit"], "Did you mean tflite?"),
    "no target": (["deploy", "MODEL"], "Add --target, one of: bench, loihi, mcu, tflite"),
    "board of a target": (["deploy", "MODEL", "--target", "bench", "--board", "exactly"], "Did you mean exact?"),
    "board of any target": (["deploy", "MODEL", "--board", "litret"], "Did you mean litert?"),
    "model": (["deploy", "q_sn", "--target", "bench"], "Did you mean q_snn?"),
    "model file": (["deploy", "nets/none.onnx", "--target", "bench"], "there is no such file"),
    "model is a folder": (["deploy", ".", "--target", "bench"], "neither a model of the zoo nor a file"),
    "model missing": (["run"], "none is named here or in edgesnn.toml"),
    "data set": (["run", "MODEL", "--data", "mnits"], "Did you mean mnist?"),
    "split": (["run", "MODEL", "--data", "mnist", "--split", "tset"], "is no split"),
    "energy table": (["profile", "MODEL", "--target", "bench", "--energy-table", "nrf52"], "Did you mean nrf52840?"),
    "energy table without counts": (
        ["profile", "MODEL", "--board", "exact", "--energy-table", "nrf52840"],
        "counts instr",
    ),
    "no results": (["report"], "no folder here holds a result.json"),
    "result that is not there": (["report", "gone"], "cannot be read"),
}


@pytest.mark.parametrize("name", CASES)
def test_refused(name: str, cli: Cli, model_file: Path, here: Path) -> None:
    words, expected = CASES[name]
    words = [str(model_file) if word == "MODEL" else word for word in words]
    result = cli(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert expected in result.stderr
    assert "Traceback" not in result.stderr
    assert written(here) == []


@pytest.mark.parametrize("name", CASES)
def test_refused_in_json(name: str, cli: Cli, model_file: Path, here: Path) -> None:
    words, expected = CASES[name]
    result = cli(*[str(model_file) if word == "MODEL" else word for word in words], "--json")
    error = answer(result)["error"]
    if name != "missing value":  # there, --json itself is the value
        assert expected in error["message"]
    assert (result.exit_code, result.stderr) == (2, "")
    assert all(error[part] for part in ("kind", "where", "problem", "remedy", "message"))
    assert written(here) == []
