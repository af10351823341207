"""What is refused, and what happens when the interpreter, its environment or the file is not what it should be."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import BoardError, EdgesnnError, FileError, ModelError, ToolError, UnsupportedModelError
from edgesnn.targets.tflite import backend, program
from edgesnn.targets.tflite.process import InterpreterProcess
from edgesnn.targets.tflite.values import RefusalError, everywhere, require
from tests.factory import q_snn_like
from tests.targets.tflite.harness import TARGET, build, running, samples


def test_unknown_board_names_the_nearest() -> None:
    with pytest.raises(BoardError, match="litert"):
        TARGET.board("litter")


def test_file_beyond_the_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a small limit, since no model that could be built here reaches the real one."""
    monkeypatch.setattr(program, "FILE_LIMIT", 10_000)
    model, board = q_snn_like(), TARGET.board()
    (problem,) = TARGET.check(model, board)
    assert problem.rule == "tflite-file-bytes"
    with pytest.raises(UnsupportedModelError, match="tflite-file-bytes"):
        TARGET.build(model, board, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("interval", "dtype", "rule"),
    [
        (everywhere((3,), 0, 1 << 31), "int32", "tflite-int32-range"),
        (everywhere((3,), -(1 << 31) - 1, 0), "int32", "tflite-int32-range"),
        (everywhere((3,), 0, 128), "int8", "tflite-int8-range"),
        (everywhere((1 << 15, 1 << 14), 0, 1), "int32", "tflite-tensor-bytes"),
    ],
)
def test_intermediate_results(interval, dtype: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RefusalError) as refusal:
        require("layer", interval, dtype)
    assert refusal.value.problem.rule == rule
    assert refusal.value.problem.where == "layer"


def test_input_that_is_not_the_models(tmp_path: Path) -> None:
    model = q_snn_like()
    x = samples(model, 2)
    with running(model, tmp_path) as session:
        with pytest.raises(ModelError, match="shape"):
            session.step(x[0, 0, 0])
        with pytest.raises(ModelError, match="shape"):
            session.run(x[:, :, 0])
        with pytest.raises(ModelError, match="range"):
            session.run(x + 1)
        with pytest.raises(ModelError, match="time steps"):
            session.run(np.concatenate([x, x], axis=1))
        session.reset()
        for frame in x[0]:
            session.step(frame)
        with pytest.raises(ModelError, match="time steps"):
            session.step(x[0, 0])


@pytest.mark.parametrize("damage", ["truncated", "changed", "gone", "manifest gone", "manifest garbage"])
def test_file_that_was_not_built_here(damage: str, tmp_path: Path) -> None:
    artifact = build(q_snn_like(), tmp_path)
    manifest = tmp_path / "q_snn_like.tflite.json"
    data = bytearray(artifact.main.read_bytes())
    if damage == "truncated":
        artifact.main.write_bytes(data[:1000])
    elif damage == "changed":
        data[-100] ^= 1
        artifact.main.write_bytes(data)
    elif damage == "gone":
        artifact.main.unlink()
    elif damage == "manifest gone":
        manifest.unlink()
    else:
        manifest.write_text("[]")
    with pytest.raises(FileError):
        TARGET.open(artifact)
    with pytest.raises(FileError):
        TARGET.flash(artifact)


@pytest.mark.parametrize("kept", [0, 8, 1000, 30_000])
def test_file_that_the_interpreter_cannot_read(kept: int, tmp_path: Path) -> None:
    """A damaged file with a matching digest: whatever the native library does, here it is one error."""
    artifact = build(q_snn_like(), tmp_path)
    data = artifact.main.read_bytes()[:kept]
    artifact.main.write_bytes(data)
    manifest = tmp_path / "q_snn_like.tflite.json"
    manifest.write_text(json.dumps({"sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ToolError):
        TARGET.open(artifact)


GARBAGE = "#!/bin/sh\nhead -c 100000 /dev/zero | tr '\\0' '{'\n"
SLEEP = "#!/bin/sh\nexec sleep 60\n"
DIES = "#!/bin/sh\necho last words >&2\nexit 3\n"


@pytest.mark.parametrize(("script", "said"), [(GARBAGE, "nonsense"), (DIES, "last words")])
def test_python_that_is_none(script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text(script)
    python.chmod(0o755)
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", str(python))
    with pytest.raises(ToolError, match=said):
        TARGET.open(build(q_snn_like(), tmp_path / "out", "tflite-runtime"))


def test_python_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text(SLEEP)
    python.chmod(0o755)
    monkeypatch.setattr("edgesnn.targets.tflite.process.START_SECONDS", 0.2)
    with pytest.raises(ToolError, match="within"):
        InterpreterProcess(python, "tflite_runtime", tmp_path / "x.tflite", "Mend it")


def test_python_without_the_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", sys.executable)
    with pytest.raises(ToolError, match="tflite_runtime") as error:
        TARGET.open(build(q_snn_like(), tmp_path, "tflite-runtime"))
    assert "pip install" in error.value.remedy or "make setup" in error.value.remedy
    (_, (what, present, how)) = TARGET.doctor()
    assert (what, present) == ("tflite-runtime", False)
    assert how


def test_python_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", "/nowhere/python")
    (_, (_, present, how)) = TARGET.doctor()
    assert not present
    assert "EDGESNN_LAVA_PYTHON" in how


def test_interpreter_that_dies_on_the_way(tmp_path: Path) -> None:
    model = q_snn_like()
    with running(model, tmp_path) as session:
        session._process._process.kill()  # type: ignore[attr-defined]
        with pytest.raises(ToolError, match="ended"):
            session.run(samples(model, 1))


def test_without_litert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise backend.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(backend.metadata, "version", absent)
    assert not TARGET.doctor()[0][1]
    with pytest.raises(ToolError, match="ai-edge-litert"):
        TARGET.build(q_snn_like(), TARGET.board(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EdgesnnError):
        TARGET.build(q_snn_like(), TARGET.board(), tmp_path / "file" / "out")
