"""Partial output never replaces a good file."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesnn.errors import FileError
from edgesnn.files import filling, replacing, write_bytes, write_text


def test_failure_keeps_the_old_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_success_replaces_and_makes_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.bin"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_unwritable_place_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        write_text(tmp_path / "file" / "below.txt", "x")


def test_filling_moves_everything_and_keeps_other_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    (out / "a.txt").write_text("old")
    with filling(out) as part:
        (part / "sub").mkdir()
        (part / "sub" / "b.txt").write_text("b")
        (part / "a.txt").write_text("new")
    assert {str(p.relative_to(out)) for p in out.rglob("*.txt")} == {"mine.txt", "a.txt", "sub/b.txt"}
    assert (out / "a.txt").read_text() == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_filling_that_fails_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), filling(tmp_path / "deep" / "out") as part:
        (part / "a.txt").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
