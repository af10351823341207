"""A second build takes from the store what it would make itself, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edgesnn.targets.mcu import object_store, sources, tools
from tests.targets.mcu.conftest import TARGET, model

Compiled = Callable[[], list[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a first build in `first`, and in `cache` what was kept of it."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        build(folder / "first")
    return folder


@pytest.fixture
def first(made: Path) -> Path:
    """The program of the first build."""
    return made / "first" / "many_classes.elf"


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert object_store.store().is_relative_to(tmp_path)
    return object_store.store()


@pytest.fixture
def store(made: Path, empty_store: Path, tmp_path: Path) -> Path:
    """The folder of objects, with those of the first build."""
    shutil.copytree(made / "cache", tmp_path / "cache")
    return empty_store


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Compiled:
    """Sources that the compiler has been called for since the last question."""
    real, seen = tools.run, []

    def run(arguments: list[str], folder: Path) -> str:
        if "-c" in arguments:
            seen.append(arguments[arguments.index("-c") + 1])
        return real(arguments, folder)

    def since() -> list[str]:
        names = sorted(seen)
        seen.clear()
        return names

    monkeypatch.setattr(tools, "run", run)
    return since


def sources_of(program: Path) -> list[str]:
    return sorted(path.as_posix() for path in sources.c_files(program.parent))


def build(folder: Path, name: str = "many_classes", board: str = "mps2-an386") -> Path:
    return TARGET.build(model(name), TARGET.board(board), folder).main


def test_the_same_build_elsewhere_compiles_nothing_and_is_the_same(
    tmp_path: Path, first: Path, store: Path, compiled: Compiled
) -> None:
    second = build(tmp_path / "second")
    assert compiled() == []
    assert second.read_bytes() == first.read_bytes()
    call_graphs = {path.relative_to(first.parent) for path in first.parent.rglob("*.ci")}
    assert call_graphs
    assert call_graphs == {path.relative_to(second.parent) for path in second.parent.rglob("*.ci")}


def test_without_the_store_it_is_the_same(tmp_path: Path, first: Path, empty_store: Path, compiled: Compiled) -> None:
    second = build(tmp_path / "second")
    assert compiled() == sources_of(first)
    assert second.read_bytes() == first.read_bytes()


def test_another_model_compiles_what_is_its_own(tmp_path: Path, first: Path, store: Path, compiled: Compiled) -> None:
    build(tmp_path / "second", "q_snn_like")
    again = compiled()
    assert "model/q_snn_like.c" in again
    assert not [name for name in again if name.startswith("port/")]
    assert len(again) < len(sources_of(first))


def test_another_core_compiles_everything(tmp_path: Path, store: Path, compiled: Compiled) -> None:
    second = build(tmp_path / "second", board="mps2-an385")
    assert compiled() == sources_of(second)


def test_objects_that_are_broken_are_made_again(tmp_path: Path, first: Path, store: Path, compiled: Compiled) -> None:
    broken, *_ = sorted(store.iterdir())
    broken.write_bytes(broken.read_bytes()[:-30])
    second = build(tmp_path / "second")
    assert len(compiled()) == 1
    assert second.read_bytes() == first.read_bytes()


def test_a_store_that_cannot_be_written_is_no_fault(tmp_path: Path, empty_store: Path) -> None:
    empty_store.parent.mkdir(parents=True)
    empty_store.write_text("a file where the folder would be")
    object_store.keep("name", tmp_path / "made.o")
    assert not object_store.fetch("name", tmp_path / "made.o")
    object_store.trim()


@pytest.mark.parametrize("changed", ["source.c", "near.inc", "model/far.h", "port/libc/string.h"])
def test_a_name_follows_all_that_is_included(tmp_path: Path, changed: str) -> None:
    texts = {
        "source.c": '#include "near.inc"\n#include <string.h>\n#include <stddef.h>\n',
        "near.inc": '  #  include "far.h"\n',
        "model/far.h": '#include "near.inc"\n',
        "port/libc/string.h": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def name_of(words: list[str]) -> str:
        folders = (Path(), Path("model"), Path("port/libc"))
        return object_store.key(tmp_path, Path("source.c"), folders, words, tmp_path / "near.inc")

    (tmp_path / "unrelated.h").write_text("")
    before = name_of(["cc"])
    assert name_of(["cc"]) == before
    assert name_of(["cc", "-O2"]) != before
    (tmp_path / changed).write_text(texts[changed] + "int more;\n")
    assert name_of(["cc"]) != before


def test_what_was_not_used_for_longest_goes_first(empty_store: Path) -> None:
    store = empty_store
    store.mkdir(parents=True)
    for age in range(10):
        path = store / f"{age}.zip"
        path.write_bytes(bytes(100))
        os.utime(path, (1000 - age, 1000 - age))
    object_store.trim(most_bytes=1000)
    assert len(list(store.iterdir())) == 10
    object_store.trim(most_bytes=900)
    assert {path.stem for path in store.iterdir()} == {"0", "1", "2", "3"}
