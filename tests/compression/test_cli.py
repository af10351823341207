"""`edgesnn compress` on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from edgesnn import datasets
from edgesnn.cli import main
from edgesnn.compression import named
from edgesnn.errors import DataError
from edgesnn.train.data import splits

PRUNE = {"stages": [{"stage": "prune", "ratio": 0.25, "method": "magnitude", "layers": ["conv2"]}]}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    samples, labels = datasets.load("mnist", "test", 300)
    np.savez(tmp_path / "digits.npz", samples=samples, labels=labels)
    (tmp_path / "quarter.json").write_text(json.dumps(PRUNE))
    return tmp_path


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_network_of_the_zoo(here):
    result = call("compress", "q_snn", "--recipe", "quarter.json", "--data", "digits.npz", "--name", "Three Quarters")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "q_snn, recipe quarter; accuracy on 30 validation samples"
    assert any("bits a spike" in line and "bits a weight" in line for line in lines)
    assert any(line.startswith("1. prune magnitude, 25 %, conv2") for line in lines)
    assert "1. conv2 keeps 24 of 32" in lines
    assert lines[-1] == "model: build/compress/three_quarters.onnx"
    assert "stage 1, prune magnitude, 25 %, conv2: validation accuracy" in result.stderr
    files = sorted(path.name for path in (here / "build" / "compress").iterdir() if path.is_file())
    assert files == [f"three_quarters.{ending}" for ending in ("json", "onnx", "pt", "report.json")]


def test_json_is_the_report(here):
    words = ("compress", "q_snn", "--recipe", "quarter.json", "--data", "digits.npz", "--out", "out", "--json")
    result = call(*words)
    found = json.loads(result.stdout)
    assert (found["name"], found["source"], found["recipe"]) == ("q_snn_quarter", "q_snn", "quarter")
    assert found == json.loads((here / "out" / "q_snn_quarter.report.json").read_text())
    assert found["stages"][0]["measurement"]["weight_bytes"] < found["start"]["weight_bytes"]
    assert call(*words).stdout == result.stdout


def test_the_list_names_every_recipe_and_the_rule():
    found = json.loads(call("compress", "--list", "--json").stdout)
    assert sorted(found["recipes"]) == list(named.names()) and found["naming"] == named.NAMING
    text = call("compress", "--list").stdout
    assert all(name in text for name in named.names()) and "METHOD-PRECISION" in text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("compress",), "compress: MODEL is missing. Name a model and a recipe"),
        (("compress", "q_snn"), "compress: --recipe is missing"),
        (("compress", "q_sn", "--recipe", "svs-pruned"), "Did you mean q_snn?"),
        (("compress", "q_snn", "--recipe", "svs-prune"), "Did you mean svs-pruned?"),
        (("compress", "q_snn", "--recipe", "quarter.json", "--data", "none.npz"), "none.npz"),
        (("compress", "q_snn", "--recipe", "quarter.json", "--data", "mnits"), "mnits"),
        (("compress", "q_snn", "--recipe", "quarter.json", "--epochs", "0"), "--epochs"),
        (("compress", "none.toml", "--recipe", "quarter.json"), "none.toml"),
    ],
)
def test_mistakes_get_one_message(words, problem, here):
    result = call(*words)
    assert result.exit_code == 2 and problem in result.stderr and "Traceback" not in result.output
    assert not (here / "build").exists()


def test_listing_needs_no_torch():
    from tests.test_startup import imported

    code = "from edgesnn.compression import named; from edgesnn.cli.compress import recipes; recipes()"
    assert "torch" not in imported(code)
    assert "torch" not in imported("import edgesnn; edgesnn.compress")


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"samples": np.zeros((5, 3))}, "holds no samples and labels"),
        ({"samples": np.zeros((5, 3)), "labels": np.zeros(5, int)}, "samples are float64"),
        ({"samples": np.zeros((5, 3), int), "labels": np.zeros(4, int)}, r"labels int64 \(4,\)"),
    ],
)
def test_files_of_samples_are_checked(arrays, problem, tmp_path):
    np.savez(tmp_path / "own.npz", **arrays)
    with pytest.raises(DataError, match=problem):
        splits(str(tmp_path / "own.npz"))
    (tmp_path / "own.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match="holds no samples and labels"):
        splits(str(tmp_path / "own.npz"))


def test_the_last_tenth_is_held_out(tmp_path):
    np.savez(tmp_path / "own.npz", samples=np.arange(90).reshape(30, 3), labels=np.arange(30))
    fit, validation = splits(str(tmp_path / "own.npz"), 10)
    assert fit.labels.tolist() == list(range(10)) and validation.labels.tolist() == [27, 28, 29]
