"""Every emulated board runs a model exactly, or says how much memory it lacks."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import edgesnn
from edgesnn.errors import ToolError, UnsupportedModelError
from edgesnn.integer import run
from edgesnn.link import Counter
from edgesnn.target import Artifact
from edgesnn.targets.mcu import backend, boards, running
from tests.targets.mcu.conftest import EMULATED, TARGET, model, samples

TOO_SMALL = ("microbit", "stm32vldiscovery")
Build = Callable[[str, str], Artifact]


@pytest.mark.parametrize("board", EMULATED)
def test_exact(built: Build, board: str) -> None:
    """Also: the proven stack holds, and the port that is asked for is the one that answers."""
    artifact = built("many_classes", board)
    x = samples(artifact.model, 2)
    with TARGET.open(artifact) as session:
        assert session.first_difference(x, run(artifact.model, x)) == (0, None)
        device = session.device  # type: ignore[attr-defined]
        assert device.identity.port == boards.facts_of(artifact.board).port.name
        assert device.identity.counter is Counter.INSTRUCTIONS
        stack = device.stack()
        assert 0 < stack.used <= stack.reserved


@pytest.mark.parametrize("board", sorted({*EMULATED} - {*TOO_SMALL}))
def test_q_snn_is_exact(board: str) -> None:
    answer = edgesnn.verify("q_snn", "mcu", board, samples=1)
    assert (answer.exact, answer.samples) == (True, 1)


@pytest.mark.parametrize("board", TOO_SMALL)
def test_q_snn_does_not_fit_and_the_linker_agrees(board: str, tmp_path: Path) -> None:
    q_snn, facts = edgesnn.load("q_snn"), boards.facts_of(TARGET.board(board))
    (problem,) = TARGET.check(q_snn, TARGET.board(board))
    numbers = re.fullmatch(
        r"needs at least ([\d,]+) bytes of RAM, ([\d,]+) more than the board's ([\d,]+)", problem.problem
    )
    assert numbers is not None
    needed, missing, available = (int(number.replace(",", "")) for number in numbers.groups())
    assert facts.memory is not None
    assert (available, needed - available) == (facts.memory.ram_bytes, missing)
    with pytest.raises(ToolError, match="region `RAM' overflowed by") as forced:
        backend._build(q_snn, facts, tmp_path)
    overflow = re.search(r"region `RAM' overflowed by (\d+) bytes", str(forced.value))
    assert overflow is not None
    assert 0 <= int(overflow[1]) - missing <= 8192  # buffers of the link and the stack
    with pytest.raises(UnsupportedModelError, match="bytes of RAM"):
        edgesnn.build("q_snn", "mcu", board, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("board", TOO_SMALL)
def test_qt_snn_is_exact_on_the_smallest(board: str) -> None:
    assert edgesnn.verify("qt_snn", "mcu", board, samples=1).exact


CYCLES = """inherits = "stm32f4"
description = "An STM32F405 whose firmware counts cycles"
emulated = true
[port]
parts = ["systick", "cycles"]
clock_hz = 16_000_000
uart = 0x4001_1000
uart_irq = 37
tx = "PA9"
rx = "PA10"
pin_function = 7
[memory]
flash_bytes = 1_048_576
ram_bytes = 131_072
[run]
kind = "qemu"
machine = "netduinoplus2"
"""


def test_cycles_are_told_as_cycles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a real board counts them. In the emulator an instruction takes 64 ns, at 168 MHz a little over ten cycles."""
    (tmp_path / "cycling.toml").write_text(CYCLES)
    monkeypatch.setenv(boards.OWN_BOARDS, str(tmp_path))
    q_snn, costs = edgesnn.load("q_snn"), {}
    for board in ("cycling", "netduinoplus2"):
        artifact = TARGET.build(q_snn, TARGET.board(board), tmp_path / board)
        with TARGET.open(artifact) as session:
            costs[board] = session.cost(samples(q_snn, 1), cycles=False)
    assert costs["cycling"].instructions is None
    assert costs["netduinoplus2"].instructions is not None
    (note,) = [note for note in costs["cycling"].notes if note.startswith("cycles per inference")]
    (cycles,) = {int(number.replace(",", "")) for number in re.findall(r"(\d[\d,]+) (?:to|over)", note)}
    assert cycles / costs["netduinoplus2"].instructions == pytest.approx(0.064 * 168, rel=1e-4)
    assert any(note.startswith("cycles by layer: ") and "conv1 " in note for note in costs["cycling"].notes)


def test_a_device_is_driven_through_its_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real board, for all that the host can see: its firmware runs by itself, behind a port that is named."""
    device = CYCLES.replace('kind = "qemu"', 'kind = "device"\nconnect = "nothing"').replace("emulated = true\n", "")
    (tmp_path / "wired.toml").write_text(device)
    monkeypatch.setenv(boards.OWN_BOARDS, str(tmp_path))
    artifact = TARGET.build(model("many_classes"), TARGET.board("wired"), tmp_path / "build")
    facts = boards.facts_of(artifact.board)
    emulator = dataclasses.replace(facts, run=dataclasses.replace(facts.run, kind="qemu"))
    child, port = running._qemu(emulator, artifact.main)
    port.close()
    try:
        with TARGET.open(artifact, port.name) as session:
            x = samples(artifact.model, 2)
            assert session.first_difference(x, run(artifact.model, x)) == (0, None)
            assert session.device.identity.counter is Counter.CYCLES  # type: ignore[attr-defined]
    finally:
        child.close()
