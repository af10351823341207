"""The verbs in Python: what a notebook needs and nothing else."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import edgesnn
from edgesnn.errors import BoardError, ConfigError, FileError, ModelError, UnsupportedModelError
from edgesnn.integer import Model, file
from tests.devices import installed
from tests.factory import q_snn_like

MODEL = q_snn_like()


@pytest.fixture(autouse=True)
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, and the bench target."""
    monkeypatch.chdir(tmp_path)
    with installed():
        yield


def test_verbs_are_attributes_of_the_package() -> None:
    assert set(edgesnn.__all__) >= {"load", "check", "build", "deploy", "verify", "run", "profile"}
    assert all(callable(getattr(edgesnn, name)) for name in edgesnn.__all__)
    assert set(edgesnn.__all__) <= set(dir(edgesnn))
    with pytest.raises(AttributeError, match="no attribute 'depoly'"):
        _ = edgesnn.depoly  # type: ignore[attr-defined]


def test_no_verb_is_hidden_by_a_module_of_its_name() -> None:
    for name in edgesnn.__all__:
        spec = importlib.util.find_spec(f"edgesnn.{name}")
        assert spec is None or spec.origin is None  # at most a folder of the checkout that holds no module


def test_answers_are_frozen_records() -> None:
    answers = [
        edgesnn.check(MODEL, "bench"),
        edgesnn.build(MODEL, "bench", out="b"),
        edgesnn.verify(MODEL, "bench", samples=2),
        edgesnn.run(MODEL, limit=2),
        edgesnn.profile(MODEL, "bench", samples=2),
        edgesnn.deploy(MODEL, "bench", samples=2),
    ]
    for answer in answers:
        assert dataclasses.is_dataclass(answer)
        with pytest.raises(dataclasses.FrozenInstanceError):
            answer.model = None  # type: ignore[misc]


def test_load_takes_a_name_or_a_file(tmp_path: Path) -> None:
    file.save(MODEL, tmp_path / "m.onnx")
    assert edgesnn.load(tmp_path / "m.onnx") == edgesnn.load("m.onnx") == MODEL
    assert isinstance(edgesnn.load("q_snn"), Model)
    (tmp_path / "bare").write_bytes((tmp_path / "m.onnx").read_bytes())
    assert edgesnn.load("bare") == MODEL


def test_predictions_hold_their_arrays() -> None:
    found = edgesnn.run(MODEL, "bench", limit=5)
    assert found.outputs.shape == (5, 10)
    assert (found.decisions == np.argmax(found.outputs, axis=1)).all()
    assert found.labels is not None
    assert found.accuracy == float(np.mean(found.decisions == found.labels))


def test_artifact_lists_its_files(tmp_path: Path) -> None:
    artifact = edgesnn.build(MODEL, "bench", out=tmp_path / "b")
    assert artifact.main == tmp_path / "b" / "bench.json"
    assert [artifact.folder / name for name in artifact.files] == [artifact.main, tmp_path / "b" / "more" / "notes.txt"]
    assert all((artifact.folder / name).is_file() for name in artifact.files)


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int | None]] = []
    edgesnn.deploy(MODEL, "bench", samples=3, progress=lambda *step: told.append(step))
    assert [stage for stage, _, _ in told] == ["check", "build", "start", "verify", "verify", "profile", "report"]
    assert told[4] == ("verify", 3, 3)


def test_a_device_that_differs_is_asked_for_its_own_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.devices import BenchSession

    monkeypatch.setattr(BenchSession, "run", lambda self, x: np.eye(10, dtype=np.int64)[[3] * len(x)])
    threes = {
        board: sum(row[3] for row in edgesnn.deploy(MODEL, "bench", board, samples=10).predictions.confusion)
        for board in ("exact", "faulty")
    }
    assert threes["exact"] < threes["faulty"] == 10


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (BoardError, lambda: edgesnn.deploy(MODEL, board="nowhere")),
        (ModelError, lambda: edgesnn.deploy("nothing", "bench")),
        (FileError, lambda: edgesnn.load("nothing.onnx")),
        (ConfigError, lambda: edgesnn.run()),
        (UnsupportedModelError, lambda: edgesnn.deploy(MODEL, "bench", "tiny")),
    ],
)
def test_mistakes_are_named(error: type[Exception], call: object, tmp_path: Path) -> None:
    assert callable(call)
    with pytest.raises(error):
        call()
    assert list(tmp_path.iterdir()) == []
