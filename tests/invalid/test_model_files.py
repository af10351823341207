"""Model files that must be refused: with one message that says where, what and what to do, and nothing else."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import EdgesnnError, FileError, ModelError
from edgesnn.integer.file import MAX_FILE_BYTES, load, to_onnx
from tests.invalid.hostile_models import CASES, file_of
from tests.invalid.model_changes import good

GOOD = to_onnx(good()).SerializeToString(deterministic=True)


def refusal(path: Path) -> EdgesnnError:
    with pytest.raises((FileError, ModelError)) as caught:
        load(path)
    return caught.value


def test_the_good_model_is_good(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(GOOD)
    assert load(tmp_path / "model.onnx") == good()


@pytest.mark.parametrize("name", CASES)
def test_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(file_of(name))
    error = refusal(path)
    assert CASES[name][1] in str(error)
    assert len(str(error)) < 1000
    assert error.remedy


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no integer model of edgesnn"),
        (b"not a model at all", "is no ONNX file"),
        (b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.", "model.onnx"),
        (GOOD[: len(GOOD) // 2], "model.onnx"),
        (GOOD[:-1], "model.onnx"),
        (GOOD.replace(b"conv", b"co\xffv"), "is not a lower-case identifier"),
        (b"\x08\x0a" * 1000, "is no integer model of edgesnn"),
    ],
    ids=["empty", "text", "pickle", "half", "all but one byte", "not UTF-8", "repeated field"],
)
def test_bytes_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    assert words in str(refusal(path))


def test_paths_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    with (tmp_path / "huge.onnx").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    (tmp_path / "loop.onnx").symlink_to("loop.onnx")
    for name in (".", "pipe.onnx", "loop.onnx", "missing.onnx", "nul\0.onnx"):
        assert "is no file" in str(refusal(tmp_path / name))
    assert "cannot be read (File name too long)" in str(refusal(tmp_path / ("a" * 5000)))
    assert "is larger than" in str(refusal(tmp_path / "huge.onnx"))


@pytest.mark.parametrize("name", ["an unknown operator", "huge dimensions", "a newer format", "half a character"])
def test_the_command_line_says_it_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from edgesnn.cli import main

    (tmp_path / "model.onnx").write_bytes(file_of(name))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["build", "model.onnx", "--target", "tflite", "--out", "made"])
    assert done.exit_code == 2
    assert CASES[name][1] in " ".join(done.output.split())
    assert "Traceback" not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_never_surprise(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for position, value in changes:
        data[position] = value
    survives(tmp_path_factory, bytes(data))


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
def test_moved_bytes_never_surprise(tmp_path_factory: pytest.TempPathFactory, a: int, b: int, c: int) -> None:
    start, end = sorted((a, b))
    survives(tmp_path_factory, GOOD[:c] + GOOD[start:end] + GOOD[c:])
    survives(tmp_path_factory, GOOD[:start] + GOOD[end:])


def survives(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Loading gives a model or one of our errors."""
    path = tmp_path_factory.getbasetemp() / "changed.onnx"
    path.write_bytes(data)
    with contextlib.suppress(FileError, ModelError):
        assert load(path).nodes
