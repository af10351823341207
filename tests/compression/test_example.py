"""The documentation's own network, with a residual addition and a concatenation, from training to a board."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import edgesnn
from edgesnn import datasets
from edgesnn.cli import main
from edgesnn.integer import file, run
from edgesnn.train.job import Job

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "compress.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def call(*words: object) -> dict[str, object]:
    result = CliRunner().invoke(main, [*map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """What the page tells a user to write and to type, with the packaged digits and few epochs."""
    folder = tmp_path_factory.mktemp("own")
    samples, labels = datasets.load("mnist", "test", 320)
    np.savez(folder / "digits.npz", samples=samples, labels=labels)
    job, half = blocks("toml")
    (folder / "own.py").write_text(*blocks("python"))
    (folder / "own.toml").write_text(job.replace('"mnist"', f'"{folder / "digits.npz"}"'))
    (folder / "half.toml").write_text(half)
    known_paths = list(sys.path)
    call("train", folder / "own.toml", "--out", folder / "train", "--epochs", 2)
    for recipe in ("qp_snn-2bit-pruned", folder / "half.toml"):
        call("compress", folder / "train" / "own.json", "--recipe", recipe, "--out", folder / "small", "--epochs", 1)
    yield folder
    sys.path[:] = known_paths
    sys.modules.pop("own", None)


@pytest.mark.parametrize("name", ["own_qp_snn_2bit_pruned", "own_half"])
def test_it_deploys(name, folder):
    done = edgesnn.deploy(folder / "small" / f"{name}.onnx", "mcu", "host", samples=12, out=folder / name)
    assert done.exact and done.verification.samples == 12


def test_both_recipes_made_it_smaller(folder):
    whole = file.load(folder / "train" / "own.onnx")
    small, half = (file.load(folder / "small" / f"{name}.onnx") for name in ("own_qp_snn_2bit_pruned", "own_half"))
    channels = {name: [node.op.weight.shape[:2] for node in model.nodes if node.op.kind == "Conv"]
                for name, model in (("whole", whole), ("small", small), ("half", half))}  # fmt: skip
    assert channels["whole"] == [(16, 1), (16, 16), (16, 16), (16, 32)]
    assert channels["small"] == [(16, 1), (8, 16), (8, 16), (16, 24)] == channels["half"]
    assert {node.op.weight_bits for node in small.nodes if node.op.kind == "Conv"} == {8, 2}
    assert {node.op.state_bits for node in half.nodes if node.op.kind == "QuantizedLif"} == {4}


def test_the_report_has_each_stage(folder):
    report = json.loads((folder / "small" / "own_half.report.json").read_text())
    assert [stage["stage"].split()[0] for stage in report["stages"]] == [
        "prune", "state", "calibrate", "distil", "train", "export"
    ]  # fmt: skip
    assert report["stages"][0]["notes"] == ["main keeps 8 of 16", "skip keeps 8 of 16"]


def test_the_network_is_restored_from_its_json_and_weights(folder):
    small = folder / "small" / "own_half"
    network, model = Job.load(small.with_suffix(".json")).restore(small.with_suffix(".pt")), file.load(f"{small}.onnx")
    raw, _ = datasets.load("mnist", "test", 50)
    import torch

    with torch.no_grad():
        scores = network(torch.from_numpy(raw.copy()))[-1].long().numpy()
    assert (run(model, model.encode(raw.astype(np.int64))).output == scores).all()


def test_it_can_be_reproduced_from_nothing(folder):
    """Training and every stage again, from the file that compression wrote."""
    call("train", folder / "small" / "own_half.json", "--out", folder / "again")
    first, again = (file.load(folder / place / "own_half.onnx") for place in ("small", "again"))
    assert [node.op for node in first.nodes] == [node.op for node in again.nodes]


def test_what_is_reproduced_with_fewer_samples_and_epochs_says_so(folder):
    call("train", folder / "small" / "own_half.json", "--out", folder / "quick", "--epochs", 1, "--limit", 128)
    job = json.loads((folder / "quick" / "own_half.json").read_text())
    assert (job["training"]["epochs"], job["training"]["limit"]) == (1, 128)
    assert {stage["run"]["samples"] for stage in job["stages"]} == {128}
    assert {stage["epochs"] for stage in job["stages"] if "epochs" in stage} == {1}


def test_a_compressed_network_can_be_compressed_further(folder):
    done = call("compress", folder / "small" / "own_half.json", "--recipe", "q_snn-1w4u", "--epochs", 1,
                "--out", folder / "further", "--name", "tiny")  # fmt: skip
    assert done["name"] == "tiny"
    stages = json.loads((folder / "further" / "tiny.json").read_text())["stages"]
    assert [stage["run"]["recipe"] for stage in stages] == ["half"] * 5 + ["q_snn-1w4u"] * 5
    assert edgesnn.verify(folder / "further" / "tiny.onnx", "mcu", "host", samples=5).exact
