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
from edgesnn.integer import Model
from edgesnn.integer.file import MAX_FILE_BYTES, load, to_onnx
from tests.invalid.hostile_activity import good_activity
from tests.invalid.hostile_models import CASES, file_of
from tests.invalid.model_changes import good

GOODS = [to_onnx(model).SerializeToString(deterministic=True) for model in (good(), good_activity())]
GOOD = GOODS[0]


def refusal(path: Path) -> EdgesnnError:
    with pytest.raises((FileError, ModelError)) as caught:
        load(path)
    return caught.value


@pytest.mark.parametrize("model", [good(), good_activity()], ids=lambda model: model.name)
def test_the_good_models_are_good(tmp_path: Path, model: Model) -> None:
    """Not even half of the changes would show in a network that is silent."""
    (tmp_path / "model.onnx").write_bytes(to_onnx(model).SerializeToString(deterministic=True))
    assert load(tmp_path / "model.onnx") == model
    assert all(model.signal(node.name).range.maximum > 0 for node in model.nodes)


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


@given(
    st.sampled_from(GOODS), st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_changed_bytes_never_surprise(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(good)
    for position, value in changes:
        data[position % len(data)] = value
    survives(tmp_path_factory, bytes(data))


@given(st.sampled_from(GOODS), st.integers(0, 1 << 20), st.integers(0, 1 << 20), st.integers(0, 1 << 20))
def test_moved_bytes_never_surprise(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, a: int, b: int, c: int
) -> None:
    start, end = sorted((a % len(good), b % len(good)))
    survives(tmp_path_factory, good[: c % len(good)] + good[start:end] + good[c % len(good) :])
    survives(tmp_path_factory, good[:start] + good[end:])


def survives(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Loading gives a model or one of our errors."""
    path = tmp_path_factory.getbasetemp() / "changed.onnx"
    path.write_bytes(data)
    with contextlib.suppress(FileError, ModelError):
        assert load(path).nodes
