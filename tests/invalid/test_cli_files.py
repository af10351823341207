"""Files the commands cannot use: configuration, samples, results, model files, places that cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Cli, bench, cli, here, loihi_file, model_file, written

__all__ = ["bench", "cli", "here", "loihi_file", "model_file"]


def refused(cli: Cli, here: Path, words: list[object], expected: str) -> None:
    before = written(here)
    result = cli(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert expected in result.stderr
    assert written(here) == before


CONFIGS = {
    "unknown key": ('modle = "q_snn"', "key modle: is not known. Did you mean model?"),
    "number": ("target = 3", "is 3, not text"),
    "empty": ('model = ""', "is '', not text"),
    "table": ("[target]\nname = 1", "not text"),
    "no TOML": ("model = q_snn", "is not TOML"),
    "no text": (b"\xff\xfe\x00", "is not TOML"),
    "too large": ("#" * 70_000, "is larger than"),
    "unknown target": ('target = "benhc"', "Did you mean bench?"),
    "unknown model": ('target = "bench"\nmodel = "q_sn"', "Did you mean q_snn?"),
    "model that is not there": ('target = "bench"\nmodel = "nets/a.onnx"', "there is no such file"),
    "unknown board": ('target = "bench"\nmodel = "q_snn"\nboard = "exacd"', "Did you mean exact?"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configuration(name: str, cli: Cli, here: Path) -> None:
    content, expected = CONFIGS[name]
    (here / "edgesnn.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    refused(cli, here, ["deploy"], expected)


def test_configuration_that_is_a_folder(cli: Cli, here: Path) -> None:
    (here / "edgesnn.toml").mkdir()
    refused(cli, here, ["deploy"], "cannot be read")


SAMPLES = {
    "no array `samples`": {"images": np.zeros((2, 28, 28), np.uint8)},
    "`samples` is float64": {"samples": np.zeros((2, 28, 28))},
    "are not samples of 784 values": {"samples": np.zeros((2, 27, 28), np.uint8)},
    "leave [0, 255]": {"samples": np.full((2, 28, 28), 256)},
    "`labels` is int64 of shape (3,)": {"samples": np.zeros((2, 28, 28), np.uint8), "labels": np.zeros(3, int)},
    "labels from 0 to 10 for 10 classes": {"samples": np.zeros((2, 28, 28), np.uint8), "labels": np.array([0, 10])},
}


@pytest.mark.parametrize("expected", SAMPLES)
def test_samples(expected: str, cli: Cli, here: Path, model_file: Path) -> None:
    np.savez(here / "mine.npz", **SAMPLES[expected])
    refused(cli, here, ["run", model_file, "--data", "mine.npz", "--out", "p.csv"], expected)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"\x93NUMPY\x01\x00", b"x" * 100])
def test_samples_that_are_no_npz(content: bytes, cli: Cli, here: Path, model_file: Path) -> None:
    (here / "mine.npz").write_bytes(content)
    refused(cli, here, ["run", model_file, "--data", "mine.npz"], "is no readable .npz file")


def test_samples_never_run_code(cli: Cli, here: Path, model_file: Path) -> None:
    np.savez(here / "mine.npz", samples=np.array([[object()]], dtype=object))
    refused(cli, here, ["run", model_file, "--data", "mine.npz"], "is no readable .npz file")


RESULTS = {
    "not JSON": ("{", "is not JSON"),
    "deep": ("[" * 100_000, "is not JSON"),
    "another kind": ("[1, 2]", "is no result of schema 1"),
    "another schema": ('{"schema": 99}', "is no result of schema 1"),
    "empty": ('{"schema": 1}', "model is missing"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results(name: str, cli: Cli, here: Path) -> None:
    content, expected = RESULTS[name]
    (here / "result.json").write_text(content)
    refused(cli, here, ["report", "result.json"], expected)


@pytest.mark.parametrize(
    ("key", "value"),
    [("exact", "yes"), ("samples", 1.5), ("files", "a"), ("profile", None), ("predictions", []), ("accuracy", "0.9")],
)
def test_results_of_wrong_types(key: str, value: object, cli: Cli, here: Path, model_file: Path) -> None:
    assert cli("deploy", model_file, "--target", "bench", "--out", "d", "--samples", "1").exit_code == 0
    content = json.loads((here / "d" / "result.json").read_text())
    (here / "d" / "result.json").write_text(json.dumps({**content, key: value}))
    refused(cli, here, ["report", "d"], f"{key} is ")


def test_model_file_that_is_no_model(cli: Cli, here: Path) -> None:
    (here / "m.onnx").write_bytes(b"not a model")
    refused(cli, here, ["deploy", "m.onnx", "--target", "bench"], "m.onnx")


def test_folder_that_is_a_file(cli: Cli, here: Path, model_file: Path) -> None:
    (here / "taken").write_text("")
    refused(cli, here, ["deploy", model_file, "--target", "bench", "--out", "taken/d"], "cannot be written")
    refused(cli, here, ["deploy", model_file, "--target", "bench", "--out", "taken"], "cannot be written")
    refused(cli, here, ["run", model_file, "--limit", "1", "--out", "taken/p.csv"], "cannot be written")
