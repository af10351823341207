"""Flashing a board that has our second-stage loader, over the link's own frames (firmware/loader)."""

from __future__ import annotations

import enum
import struct
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import EdgesnnError, FlashError, LinkError
from edgesnn.link import Port, Status, open_port
from edgesnn.link.exchange import Exchange
from edgesnn.link.line import LineLostError
from edgesnn.progress import Progress, silent
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.flash import loader_build
from edgesnn.targets.mcu.flash.flasher import Flasher
from edgesnn.targets.mcu.flash.image import ERASED
from edgesnn.targets.mcu.flash.pins import release, reset

VERSION = 1
UNIT = 32  # lengths and offsets are multiples of it
NO_SLOT = 255
SEEK_S = 20.0  # for a user to press the reset button
LOOK_S = 0.1
ANSWER_S = 5.0
WORK_S = 30.0  # to erase a slot, to check it, to copy it
INFO = struct.Struct("<BHIIIB")
SLOT = struct.Struct("<BIII")
OFFSET_BYTES = 4
FOLDER = "bootloader"  # beside the program


class LoaderVerb(enum.IntEnum):
    """What a loader is asked for, as firmware/loader/protocol.h has it (a test compares the two)."""

    INFO = 64
    BEGIN = 65
    WRITE = 66
    COMMIT = 67
    BOOT = 68


NOT_TAKEN = 64  # a status beside those of the link
REFUSALS = {
    NOT_TAKEN: "the flash does not hold what was written",
    Status.BAD_RANGE: "a length or offset is out of range",
    Status.NOT_NOW: "nothing has begun or is complete",
}


@dataclass(frozen=True)
class Slot:
    """whole: whether a program with the right CRC is in it; the rest means something only then."""

    whole: bool
    sequence: int
    length: int
    crc: int


@dataclass(frozen=True)
class Info:
    """What a loader says of itself. starts: number of the slot that would start; None: neither."""

    body_bytes: int
    run_address: int
    run_bytes: int
    room: int
    starts: int | None
    slots: tuple[Slot, Slot]


class Loader:
    """The loader's verbs. Every method raises LinkError where nothing fitting answers, FlashError where it refuses."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self._exchange = Exchange(port)

    def seek(self, seconds: float = SEEK_S) -> Info:
        """Waits for a loader, which listens only for a moment after a reset."""
        deadline = time.monotonic() + seconds
        heard: str = "nothing answers"
        while time.monotonic() < deadline:
            self.port.send_delimiter()
            try:
                reply = self._exchange.request(LoaderVerb.INFO, b"", LOOK_S, 1)
            except LineLostError:
                raise
            except LinkError:
                continue
            if reply.status == Status.OK:
                return _info(self.port.name, reply.body)
            heard = "a program runs there that is no loader"
            time.sleep(LOOK_S)
        remedy = "Reset the board while flashing waits for it; without our loader it needs one first (docs/flashing.md)"
        raise FlashError(
            self.port.name, f"no loader answers within {seconds:g} s ({heard}); nothing is written", remedy
        )

    def info(self) -> Info:
        return _info(self.port.name, self._ask(LoaderVerb.INFO))

    def begin(self, length: int, crc: int) -> int:
        """Empties the slot that does not start; gives its number."""
        return self._ask(LoaderVerb.BEGIN, struct.pack("<II", length, crc), WORK_S)[0]

    def write(self, offset: int, data: bytes) -> None:
        self._ask(LoaderVerb.WRITE, offset.to_bytes(OFFSET_BYTES, "little") + data)

    def commit(self) -> None:
        self._ask(LoaderVerb.COMMIT, b"", WORK_S)

    def boot(self) -> None:
        self._ask(LoaderVerb.BOOT, b"", WORK_S)

    def _ask(self, verb: LoaderVerb, body: bytes = b"", wait_s: float = ANSWER_S) -> bytes:
        reply = self._exchange.request(verb, body, wait_s, 3)
        if reply.status == Status.OK:
            return reply.body
        problem = REFUSALS.get(reply.status, f"status {reply.status}")
        raise FlashError(self.port.name, f"the loader refuses {verb.name.lower()}: {problem}", "Flash again")


class LoaderFlasher(Flasher):
    """Sends the program into the slot that does not start; only a whole and checked one becomes the one that does."""

    def __init__(self, board: str, facts: BoardFacts, port: str | None) -> None:
        super().__init__(board, facts, port)
        self.whole_facts = facts

    def prepare(self, program: Path) -> None:
        """The loader itself, to be brought to the board once by other means."""
        loader_build.build(self.whole_facts, program.parent / FOLDER)

    def flash(self, program: Path, progress: Progress = silent) -> str:
        flat = self.image(program).flat()
        data = flat + bytes([ERASED]) * (-len(flat) % UNIT)
        port = open_port(self.needed_port(), self.link.baud)
        try:
            release(port.line, self.facts.reset, None)
            reset(port.line, self.facts.reset)
            loader = Loader(port)
            self._fits(loader.seek(), program, data)
            slot = self._write(loader, data, progress)
            loader.boot()
        finally:
            port.close()
        return (
            f"{program.name}: {len(data):,} bytes written to slot {'AB'[slot]} by the loader on {port.name}, "
            "verified by length and CRC-32 in place, and started"
        )

    def _fits(self, info: Info, program: Path, data: bytes) -> None:
        """Raises FlashError where the loader is another board's: nothing has been written yet."""
        if info.run_address != self.memory.flash_origin or len(data) > info.room:
            raise FlashError(
                str(self.port),
                f"the loader there starts programs of up to {info.room:,} bytes at {info.run_address:#010x}, "
                f"{program.name} has {len(data):,} for {self.memory.flash_origin:#010x}; nothing is written",
                "Choose the right --board or --port",
            )

    def _write(self, loader: Loader, data: bytes, progress: Progress) -> int:
        """The slot that has become the one that starts."""
        crc = zlib.crc32(data)
        try:
            slot = loader.begin(len(data), crc)
            chunk = (loader.info().body_bytes - OFFSET_BYTES) // UNIT * UNIT
            for offset in range(0, len(data), chunk):
                progress("write", offset, len(data))
                loader.write(offset, data[offset : offset + chunk])
            loader.commit()
            info = loader.info()
        except (FlashError, LinkError) as error:
            raise _with_state(error) from error
        held = info.slots[slot]
        if info.starts != slot or (held.whole, held.length, held.crc) != (True, len(data), crc):
            raise _with_state(FlashError(str(self.port), "the loader does not hold what was written", "Flash again"))
        return slot


def _with_state(error: EdgesnnError) -> FlashError:
    state = "the program that was there before still starts after a reset"
    return FlashError(error.where, f"{error.problem}; {state}", error.remedy)


def _info(where: str, body: bytes) -> Info:
    if len(body) != INFO.size + 2 * SLOT.size or body[0] != VERSION:
        raise LinkError(
            where, "the loader answers nonsense or another version of its protocol", "Build the loader again"
        )
    _, longest, address, size, room, starts = INFO.unpack_from(body)
    slots = [Slot(bool(whole), *rest) for whole, *rest in SLOT.iter_unpack(body[INFO.size :])]
    if longest < UNIT + OFFSET_BYTES or starts not in (0, 1, NO_SLOT):
        raise LinkError(
            where, f"the loader answers nonsense (frames of {longest} bytes, slot {starts})", "Reset the board"
        )
    return Info(longest, address, size, room, None if starts == NO_SLOT else starts, (slots[0], slots[1]))
