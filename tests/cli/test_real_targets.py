"""The commands on the real targets, with the network's shape and random weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets
from edgesnn.integer import file, run
from tests.cli.conftest import Cli, answer, written

PLACES = [("mcu", "host", 12), ("mcu", "mps2-an386", 6), ("tflite", "litert", 12), ("loihi", "lava-sim", 3)]


@pytest.mark.parametrize(("target", "board", "samples"), PLACES, ids=[board for _, board, _ in PLACES])
def test_deploy(
    target: str, board: str, samples: int, cli: Cli, model_file: Path, loihi_file: Path, here: Path
) -> None:
    model = loihi_file if target == "loihi" else model_file
    words = ["deploy", model, "--target", target, "--board", board, "--samples", samples, "--out", "d", "--json"]
    result = cli(*words)
    found = answer(result)
    assert (result.exit_code, found["exact"], found["samples"], found["mismatches"]) == (0, True, samples, 0)
    assert {"d/result.json", "d/report.html", *(f"d/{name}" for name in found["files"])} == set(written(here))
    assert json.loads((here / "d" / "result.json").read_text()) == found
    assert found["accuracy"] == accuracy_of(model, samples)


def accuracy_of(path: Path, count: int) -> float:
    """By the interpreter, on the first test images."""
    model = file.load(path)
    images, labels = datasets.load("mnist", "test", count)
    return float(np.mean(run(model, model.encode(images.astype(np.int64))).decisions == labels))


def test_profile_of_the_emulated_microcontroller(cli: Cli, model_file: Path) -> None:
    found = answer(cli("profile", model_file, "--target", "mcu", "--board", "mps2-an386", "--samples", "2", "--json"))
    assert found["stack_bytes"] >= found["stack_used_bytes"] > 0
    assert found["instructions"] > 0
    cycles = found["cycles"]
    assert (cycles["label"], cycles["core"]) == ("modelled", "cortex-m4")
    assert found["instructions"] < cycles["low"] <= cycles["value"] <= cycles["high"]
    assert 0 < sum(layer["cycles"] or 0 for layer in found["layers"]) <= cycles["value"]
    assert found["energy"]["table"] == "nrf52840"
    assert sum(size for memory, _, size in found["memory_map"] if memory == "flash") == found["flash_bytes"]
    assert sum(layer["instructions"] or 0 for layer in found["layers"]) <= found["instructions"]


def test_run_on_the_host(cli: Cli, model_file: Path) -> None:
    words = ("run", model_file, "--limit", "40", "--json")
    here = answer(cli(*words))
    there = answer(cli(*words, "--board", "host"))
    assert (here["accuracy"], here["confusion"]) == (there["accuracy"], there["confusion"])
    assert (there["target"], there["board"]) == ("mcu", "host")


def test_deploy_without_a_model_takes_the_zoos_default(cli: Cli) -> None:
    found = answer(cli("deploy", "--target", "tflite", "--samples", "20", "--out", "d", "--json"))
    assert (found["exact"], found["model"], found["reason"]) == (True, "q_snn", "q_snn, the zoo's default for tflite")
    assert found["accuracy"] > 0.9
