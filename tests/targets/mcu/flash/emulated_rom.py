"""The bootloader in an STM32's ROM, byte for byte as ST AN3155 describes it, behind a pseudo-terminal."""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import pty
import select
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from tests.targets.mcu.flash.faults import Faults
from tests.targets.mcu.flash.nor import NorFlash, PowerCut

ACK, NACK, SYNC = 0x79, 0x1F, 0x7F
GET, GET_VERSION, GET_ID, READ, GO, WRITE, ERASE, EXTENDED_ERASE = 0x00, 0x01, 0x02, 0x11, 0x21, 0x31, 0x43, 0x44
PROTECTABLE = (READ, GO, WRITE, ERASE, EXTENDED_ERASE)
VERSION = 0x31
Bytes = Generator[None, int, None]


class EmulatedRom:
    """Fed with bytes, says bytes.

    erase: which of the two commands this version has. protected: readout protection, under which it only tells about
    itself. started: the address it has jumped to, after which it hears nothing.
    """

    def __init__(self, flash: NorFlash, chip_id: int = 0x421, erase: int = EXTENDED_ERASE) -> None:
        self.flash, self.chip_id, self.erase = flash, chip_id, erase
        self.protected = False
        self.faults = Faults()
        self.power_up()

    def power_up(self, faults: Faults | None = None, work_left: int | None = None) -> None:
        """A reset into the ROM, which forgets everything but the flash."""
        self.faults = faults or Faults()
        self.flash.takes, self.flash.work_left = self.faults.takes, work_left
        self.dead, self.started = False, None
        self._said = bytearray()
        self._machine = self._run()
        next(self._machine)

    started: int | None

    def hear(self, data: bytes) -> bytes:
        """What it says to these bytes; nothing once the power is gone or a program runs."""
        for byte in self.faults.device_hears(data):
            if self.dead or self.started is not None:
                break
            try:
                self._machine.send(byte)
            except PowerCut:
                self.dead = True
                self._said.clear()
        said, self._said = bytes(self._said), bytearray()
        return self.faults.host_hears(said)

    def _run(self) -> Bytes:
        while (yield) != SYNC:
            pass
        self._say(ACK)
        phases = {
            GET: self._get, GET_VERSION: self._get_version, GET_ID: self._get_id, READ: self._read, GO: self._go,
            WRITE: self._write, self.erase: self._erase,
        }  # fmt: skip
        while True:
            code, check = (yield), (yield)
            known = code ^ check == 0xFF and code in phases
            if not known or (self.protected and code in PROTECTABLE) or self.faults.refuses():
                self._say(NACK)
                continue
            self._say(ACK)
            yield from phases[code]()

    def _get(self) -> Bytes:
        codes = (GET, GET_VERSION, GET_ID, READ, GO, WRITE, self.erase, 0x63, 0x73, 0x82, 0x92)
        self._say(len(codes), VERSION, *codes, ACK)
        yield from ()

    def _get_version(self) -> Bytes:
        self._say(VERSION, 0, 0, ACK)
        yield from ()

    def _get_id(self) -> Bytes:
        self._say(1, *self.chip_id.to_bytes(2, "big"), ACK)
        yield from ()

    def _read(self) -> Bytes:
        address = yield from self._address()
        if address is None:
            return
        count, check = (yield), (yield)
        if self._right(count ^ check == 0xFF and self.flash.holds(address, count + 1)):
            self._say(*self.flash.read(address, count + 1))

    def _go(self) -> Bytes:
        self.started = yield from self._address()

    def _write(self) -> Bytes:
        address = yield from self._address()
        if address is None:
            return
        count = yield
        data = yield from self._take(count + 1)
        right = (yield) == _xor([count, *data]) and len(data) % 4 == 0 and self.flash.holds(address, len(data))
        if right and not self.faults.refuses():
            self.flash.program(address, bytes(data))
            self._say(ACK)
        else:
            self._say(NACK)

    def _erase(self) -> Bytes:
        width, every = (2, 0xFFFF) if self.erase == EXTENDED_ERASE else (1, 0xFF)
        head = yield from self._take(width)
        count = int.from_bytes(head, "big")
        listed = [] if count == every else (yield from self._take(width * (count + 1)))
        numbers = [int.from_bytes(listed[i : i + width], "big") for i in range(0, len(listed), width)]
        right = (yield) == _xor([*head, *listed]) and all(number < len(self.flash.sectors) for number in numbers)
        if not right or self.faults.refuses():
            self._say(NACK)
            return
        for number in range(len(self.flash.sectors)) if count == every else numbers:
            self.flash.erase(number)
        self._say(ACK)

    def _address(self) -> Generator[None, int, int | None]:
        data = yield from self._take(4)
        check = yield
        address = int.from_bytes(data, "big")
        return address if self._right(check == _xor(data) and self.flash.holds(address, 4)) else None

    def _take(self, count: int) -> Generator[None, int, bytearray]:
        data = bytearray()
        while len(data) < count:
            data.append((yield))
        return data

    def _right(self, right: bool) -> bool:
        right = right and not self.faults.refuses()
        self._say(ACK if right else NACK)
        return right

    def _say(self, *data: int) -> None:
        self._said += bytes(data)


def _xor(data: list[int] | bytearray) -> int:
    """Of the bytes; a single command byte of all ones in front of nothing is its own complement's, 0."""
    return functools.reduce(operator.xor, data) if len(data) != 1 else data[0] ^ 0xFF


class Program(Protocol):
    """What runs once the ROM has started it. output: a descriptor to wait for."""

    output: int

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Terminal:
    """Serves the ROM, and then whatever it starts, at one end of a pseudo-terminal; name: path of the other."""

    def __init__(self, rom: EmulatedRom, launch: Callable[[EmulatedRom], Program] | None = None) -> None:
        self.rom, self.launch = rom, launch
        self.program: Program | None = None
        self.master, self.slave = pty.openpty()  # the slave stays open between two openings by others
        self.name = os.ttyname(self.slave)
        self.stop, self.stopped = os.pipe()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self) -> None:
        os.write(self.stopped, b"x")
        self.thread.join()
        if self.program is not None:
            self.program.close()
        for descriptor in (self.master, self.slave, self.stop, self.stopped):
            os.close(descriptor)

    def _serve(self) -> None:
        while True:
            sources = [self.master, self.stop, *([self.program.output] if self.program is not None else [])]
            ready, _, _ = select.select(sources, [], [])
            if self.stop in ready:
                return
            if self.master in ready:
                self._hear(os.read(self.master, 4096))
            elif self.program is not None and self.program.output in ready:
                os.write(self.master, os.read(self.program.output, 4096))

    def _hear(self, data: bytes) -> None:
        if self.program is not None:
            self.program.write(data)
            return
        said = self.rom.hear(data)
        if self.rom.started is not None and self.launch is not None:
            self.program = self.launch(self.rom)
        if said:
            os.write(self.master, said)


@contextlib.contextmanager
def on_a_terminal(rom: EmulatedRom, launch: Callable[[EmulatedRom], Program] | None = None) -> Iterator[str]:
    """Serves the ROM; gives the path of the port."""
    terminal = Terminal(rom, launch)
    try:
        yield terminal.name
    finally:
        terminal.close()
