"""check is right: nothing said means that the build succeeds, something said means that it would not."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from edgesnn.errors import ToolError, UnsupportedModelError
from edgesnn.target import Artifact, Board
from edgesnn.targets.mcu import backend, boards
from tests.targets.mcu.conftest import TARGET, model

BOARD = "mps2-an386"
Build = Callable[[str, str], Artifact]


def with_memory(flash: int, ram: int) -> Board:
    board = TARGET.board(BOARD)
    memory = {**board.facts["memory"], "flash_bytes": flash, "ram_bytes": ram}
    return dataclasses.replace(board, facts={**board.facts, "memory": memory})


def sizes(artifact: Artifact) -> tuple[int, int]:
    memory = backend._static(artifact, backend.codegen.generate(artifact.model).layout, boards.facts_of(artifact.board))
    assert memory.memory is not None
    return memory.memory.flash_bytes, memory.memory.ram_bytes


def test_what_just_fits_builds_and_a_word_less_does_not(built: Build, tmp_path: Path) -> None:
    flash, ram = sizes(built("many_classes", BOARD))
    tight = with_memory(flash, ram)
    assert TARGET.check(model("many_classes"), tight) == []
    assert backend._build(model("many_classes"), boards.facts_of(tight), tmp_path).is_file()
    for board, rule in ((with_memory(flash - 4, ram), "flash"), (with_memory(flash, ram - 4), "ram")):
        (problem,) = TARGET.check(model("many_classes"), board)
        assert problem.rule == rule
        needed, over, available = (int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", problem.problem))
        assert (needed - available, over) == (4, 4)
        assert {"flash": flash, "ram": ram}[rule] == needed


def test_the_linker_agrees(built: Build, tmp_path: Path) -> None:
    flash, ram = sizes(built("many_classes", BOARD))
    for board in (with_memory(flash - 4, ram), with_memory(flash, ram - 4)):
        with (
            tempfile.TemporaryDirectory(dir=tmp_path) as folder,
            pytest.raises(ToolError, match="will not fit in region"),
        ):
            backend._build(model("many_classes"), boards.facts_of(board), Path(folder))


def test_far_too_small_says_what_is_large(tmp_path: Path) -> None:
    problems = TARGET.check(model("q_snn_like"), with_memory(4096, 8192))
    assert [problem.rule for problem in problems] == ["flash", "ram"]
    assert "head" in problems[0].remedy
    assert "the activations" in problems[1].remedy
    with pytest.raises(UnsupportedModelError, match="bytes of flash"):
        TARGET.build(model("q_snn_like"), with_memory(4096, 8192), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_name_of_the_runtime_is_refused(tmp_path: Path) -> None:
    taken = model("many_classes").replace(name="esnn_link")
    (problem,) = TARGET.check(taken, TARGET.board(BOARD))
    assert problem.where == "esnn_link"


@pytest.mark.parametrize("name", ["link", "string", "edgesnn"])
def test_names_of_our_files_are_free(name: str, tmp_path: Path) -> None:
    """A model may be called like a source file or header of the firmware."""
    named = model("many_classes").replace(name=name)
    artifact = TARGET.build(named, TARGET.board("host"), tmp_path / "build")
    with TARGET.open(artifact) as session:
        assert session.device.identity.model == name  # type: ignore[attr-defined]


def test_limits() -> None:
    assert TARGET.limits(TARGET.board(BOARD)).flash_bytes == 4 << 20
    assert TARGET.limits(TARGET.board("host")).ram_bytes is None
