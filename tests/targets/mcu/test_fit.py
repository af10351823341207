"""check is right: nothing said means that the build succeeds, something said means that it would not."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import ToolError, UnsupportedModelError
from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Dense, Input, Membrane, TernaryLif
from edgesnn.target import Artifact, Board
from edgesnn.targets.mcu import advice, backend, boards, codegen
from edgesnn.targets.mcu.advice import Change
from tests.targets.mcu.conftest import TARGET, model

BOARD = "mps2-an386"
Build = Callable[[str, str], Artifact]


def with_memory(flash: int, ram: int) -> Board:
    board = TARGET.board(BOARD)
    memory = {**board.facts["memory"], "flash_bytes": flash, "ram_bytes": ram}
    return dataclasses.replace(board, facts={**board.facts, "memory": memory})


def sizes(artifact: Artifact) -> tuple[int, int]:
    memory = backend._static(
        artifact, backend.codegen.generate(artifact.model, "balance").layout, boards.facts_of(artifact.board)
    )
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
    assert all("fits on netduinoplus2" in problem.remedy for problem in problems)
    with pytest.raises(UnsupportedModelError, match="bytes of flash"):
        TARGET.build(model("q_snn_like"), with_memory(4096, 8192), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_advised_is_enough() -> None:
    """States of half the width save what is said, to the byte; the board that is named has room for the model."""
    problem = next(found for found in TARGET.check(ternary(8), with_memory(1 << 20, 6144)) if found.rule == "ram")
    wide, narrow = (codegen.generate(ternary(bits)).layout for bits in (8, 4))
    saved = wide.state_bytes - narrow.state_bytes
    assert f"States of 4 bits would save about {saved:,} bytes, as much as is known to be missing" in problem.remedy
    (named, *_) = re.findall(r"fits on ([\w-]+)", problem.remedy)
    assert TARGET.check(ternary(8), TARGET.board(named)) == []


def ternary(bits: int) -> Model:
    """Some thousand neurons with states of that width; a little too many for 6 KiB."""
    nodes = (
        Node("x", Input((40,), -1, 1)),
        Node("hidden", Dense(np.ones((2000, 40), int), 1), ("x",)),
        Node("fire", TernaryLif(np.full(2000, 40), 7 << 4, 5, 4, bits), ("hidden",)),
        Node("head", Dense(np.ones((4, 2000), int), 1), ("fire",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("ternary", nodes, 4)


@pytest.mark.parametrize(("excess", "said"), [(1, "a would save about 5"), (6, "b would"), (9, "b would")])
def test_the_smallest_change_that_is_enough_is_named(excess: int, said: str) -> None:
    sentence = advice.sentence([[Change("a", 5), Change("b", 8)], [Change("nothing", 0)]], excess, True)
    assert sentence.startswith(said)
    assert sentence.endswith("not enough alone" if excess == 9 else "which is enough")


def test_a_model_of_the_zoo_is_searched_for_by_name() -> None:
    assert advice.elsewhere("q_snn", "microbit", []).startswith("`edgesnn fit q_snn --board microbit` ")
    assert "`edgesnn fit JOB.toml --board microbit`" in advice.elsewhere("mine", "microbit", [])


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
