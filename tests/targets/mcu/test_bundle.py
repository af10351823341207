"""The folder of a build stands alone, and a rebuild leaves nothing of the one before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from edgesnn.errors import ToolError
from edgesnn.target import Artifact
from edgesnn.targets.mcu import callgraph, sources
from edgesnn.targets.mcu.callgraph import CallGraph
from tests.targets.mcu.conftest import TARGET, model

Build = Callable[[str, str], Artifact]


def code(program: Path) -> bytes:
    with program.open("rb") as file:
        return bytes(ELFFile(file).get_section_by_name(".text").data())


@pytest.mark.parametrize("board", ["mps2-an386", "unicorn-m4"])
def test_make_elsewhere_gives_the_same_program(built: Build, board: str, tmp_path: Path) -> None:
    artifact = built("many_classes", board)
    shutil.copytree(artifact.folder, tmp_path / "taken")
    for made in (tmp_path / "taken" / artifact.main.name, tmp_path / "taken" / sources.OBJECTS):
        made.unlink() if made.is_file() else shutil.rmtree(made)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # where python3 has zig
    environment = {**os.environ, "PATH": path}
    subprocess.run(
        ["make", "-s", "-j2"], cwd=tmp_path / "taken", env=environment, check=True, capture_output=True, timeout=200
    )
    assert code(tmp_path / "taken" / artifact.main.name) == code(artifact.main)


def test_a_rebuild_with_another_model_leaves_nothing_behind(tmp_path: Path) -> None:
    board = TARGET.board("host")
    first = TARGET.build(model("many_classes"), board, tmp_path / "build")
    (tmp_path / "build" / "notes.txt").write_text("mine")
    other = model("many_classes").replace(name="other")
    second = TARGET.build(other, board, tmp_path / "build")
    assert not (first.folder / sources.MODEL / "many_classes.c").exists()
    assert (tmp_path / "build" / "notes.txt").read_text() == "mine"
    with TARGET.open(second) as session:
        assert session.observable()


def test_worst_case_is_the_deepest_path() -> None:
    graph = CallGraph({"a": 10, "b": 20, "c": 5, "d": 100}, {"a": {"b", "c"}, "b": {"c"}})
    assert graph.worst_case("a") == 35
    assert graph.worst_case("d") == 100


@pytest.mark.parametrize(
    ("callees", "message"),
    [
        ({"a": {"b"}, "b": {"a"}}, "calls itself through a -> b"),
        ({"a": {"a"}}, "calls itself"),
        ({"a": {callgraph.INDIRECT}}, "calls through a pointer"),
        ({"a": {"b"}, "b": {"__aeabi_ldivmod"}}, "b: .*calls __aeabi_ldivmod, whose frame is not known"),
    ],
)
def test_an_unknown_stack_is_no_figure(callees: dict[str, set[str]], message: str) -> None:
    with pytest.raises(ToolError, match=message):
        CallGraph({"a": 8, "b": 8}, callees).worst_case("a")


def test_variable_frames_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("void g(char *); void f(int n) { char b[n]; g(b); }\n")
    subprocess.run(
        ["arm-none-eabi-gcc", "-c", "-O2", "-fcallgraph-info=su", "a.c"], cwd=tmp_path, check=True, timeout=60
    )
    with pytest.raises(ToolError, match="variable size"):
        callgraph.read(tmp_path)
    with pytest.raises(ToolError, match="left no call graph"):
        callgraph.read(tmp_path / "nothing")
