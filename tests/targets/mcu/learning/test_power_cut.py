"""An emulated board that loses its power while it carries out STORE: what was stored before is there, or the new."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from unicorn.unicorn_const import UC_HOOK_MEM_WRITE

from edgesnn.errors import LinkError
from edgesnn.integer.learning import Pupil
from edgesnn.link import Device, Held, open_port
from edgesnn.targets.mcu import boards, learner_build
from edgesnn.targets.mcu.emulator.cortex_m.cmsdk import ConnectionEnded, Timer, Uart
from edgesnn.targets.mcu.emulator.cortex_m.machine import Machine
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.learning import McuLearningSession
from edgesnn.taught import Knowledge, Room
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.learning.test_boards import lessons, pupil, teach

BOARD = """inherits = "unicorn-m4"
description = "small slots: each of their words can be the last one written"

[store]
slot_b = 0x2100_0800
slot_bytes = 0x0000_0800
kept_bytes = 0x0000_1000
"""
NEVER = 1 << 30
HEADER_WRITES = 8
STRIDE = 61
"""Words between cuts while a slot is emptied and filled: odd, so that every word of a unit of 8 comes."""


class PowerCut(Exception):  # noqa: N818 (what happens to the board)
    """No instruction is carried out any more."""


class NoCount:
    """The program counts instructions, which this test does not."""

    instructions = 0


class Board:
    """The emulator in a thread, with the power cut before so many writes into its flash."""

    def __init__(self, program: Path, facts: BoardFacts, flash: Path, cut: int = NEVER) -> None:
        memory, port, store = facts.memory, facts.port, facts.store
        assert memory is not None and port.uart is not None and port.timer is not None
        self.writes, self._cut = 0, cut
        self.machine = Machine(
            str(facts.run.machine), (memory.flash_origin, memory.flash_bytes), (memory.ram_origin, memory.ram_bytes)
        )
        self.machine.load(program)
        self.machine.keep(store.slot_a, flash)
        self.machine.connect(port.timer, Timer(NoCount()))
        end = store.slot_a + store.kept_bytes - 1
        self.machine.engine.hook_add(UC_HOOK_MEM_WRITE, self._write, None, store.slot_a, end)
        self._uart = port.uart
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = f"socket://127.0.0.1:{self._server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _write(self, *access: Any) -> None:
        if self.writes == self._cut:
            raise PowerCut
        self.writes += 1

    def _run(self) -> None:
        with self._server:
            connection, _ = self._server.accept()
        with connection, suppress(PowerCut, ConnectionEnded, ConnectionError):
            uart = Uart(connection)
            self.machine.connect(self._uart, uart)
            self.machine.run(uart.wait)


@pytest.fixture(scope="module")
def one() -> Pupil:
    return pupil("mpd-ed", stochastic=True)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardFacts]:
    folder = tmp_path_factory.mktemp("boards")
    (folder / "small.toml").write_text(BOARD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(boards.OWN_BOARDS, str(folder))
        yield boards.facts_of(TARGET.board("small"))


@pytest.fixture(scope="module")
def program(one: Pupil, facts: BoardFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learner_build.build(one, facts, "small", tmp_path_factory.mktemp("small"), stores=True)


@contextmanager
def started(board: Board, one: Pupil) -> Iterator[McuLearningSession]:
    """Ends with the board, however that ends."""
    device = Device(open_port(board.port), 5)
    try:
        with McuLearningSession(one, device, Room(None, None, None, 0), lambda: None) as session:
            yield session
    finally:
        board.thread.join()


def test_a_cut_at_any_word_of_storing_leaves_the_old_or_the_new(
    one: Pupil, facts: BoardFacts, program: Path, tmp_path: Path
) -> None:
    """Over the link: what is stored first, more samples, STORE without an end, and a board that starts on what the
    flash holds then. The header's words are cut one by one. Afterwards it stores again."""
    flash, samples = tmp_path / "flash", lessons(one, 14)
    flash.write_bytes(b"\xff" * facts.store.kept_bytes)
    learner = one.learner()
    with started(Board(program, facts, flash), one) as session:
        session.switch(True)
        teach(session, learner, samples[:10])
        session.store()
    before, old = flash.read_bytes(), Knowledge.of(learner)
    for sample, label in samples[10:]:
        learner.learn(sample, label)
    new = Knowledge.of(learner)

    def held_after(cut: int) -> tuple[str, int]:
        """What is there after a cut, and how many words were written."""
        flash.write_bytes(before)
        board = Board(program, facts, flash, cut)
        with suppress(LinkError), started(board, one) as session:
            session.switch(True)
            for sample, label in samples[10:]:
                session.learn(sample, label)
            session.store()
        with started(Board(program, facts, flash), one) as session:
            assert session.device.stored().held is Held.OWN
            found = session.knowledge()
            session.store()
            assert session.device.stored().held is Held.OWN
        assert found in (old, new)
        return ("old" if found == old else "new"), board.writes

    uncut, writes = held_after(NEVER)
    assert uncut == "new"
    assert writes > facts.store.slot_bytes // 4 + HEADER_WRITES
    inside = writes - HEADER_WRITES
    assert {held_after(cut) for cut in range(0, inside, STRIDE)} == {("old", cut) for cut in range(0, inside, STRIDE)}
    header = [held_after(cut)[0] for cut in range(inside, writes)]
    assert header == sorted(header, reverse=True)  # old as long as it is not whole, then new
    assert header[0] == "old"
    assert header[-1] == "new"  # behind the header's own CRC are only erased bytes
