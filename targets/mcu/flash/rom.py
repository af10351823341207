"""The bootloader in the ROM of an STM32, spoken to over a serial line (ST AN3155, "USART protocol used in the STM32
bootloader").

A command is its code and the complement, then phases of bytes with an XOR behind them; each is answered with ACK or
NACK, and after a NACK the ROM waits for the next command. What it sends has no checksum, so facts are asked for until
two answers agree, and memory counts as written only once it has been read back.
"""

from __future__ import annotations

import enum
import functools
import operator
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from edgesnn.errors import FlashError
from edgesnn.link.line import Line
from edgesnn.targets.mcu.sectors import Sector

ACK, NACK, SYNC = 0x79, 0x1F, 0x7F
FILLER = 0x02  # even, so that no count of them and data behind it has the check byte that makes the ROM write or erase
BLOCK_BYTES = 256  # that one READ or WRITE moves at most (sections 3.4 and 3.6)
MOST_SECTORS = 255  # that the older ERASE can name; 0xff would erase everything (section 3.7)
SINGLE_FILLERS = 8
FILLER_BURSTS = (32, 64, 128, 256, 600)  # together more than the longest phase: erasing 515 sectors, as fillers count
T = TypeVar("T")


class Command(enum.IntEnum):
    """Codes of section 3, table 2."""

    GET = 0x00
    GET_VERSION = 0x01
    GET_ID = 0x02
    READ = 0x11
    GO = 0x21
    WRITE = 0x31
    ERASE = 0x43
    EXTENDED_ERASE = 0x44


@dataclass(frozen=True)
class Timing:
    """Seconds to wait: for an answer, for an erased sector, for a sign of life; attempts at one command.

    A sector of 128 KiB takes up to 4 s at low supply (STM32F446 datasheet, flash memory programming).
    """

    answer_s: float = 1.0
    erase_s: float = 20.0
    settle_s: float = 0.1
    attempts: int = 4


STANDARD = Timing()


class RomError(FlashError):
    """One exchange went wrong; the next may go well."""


class RefusedError(RomError):
    """NACK where ACK was due. `command`: at the command itself, not at what follows it."""

    command = False


class UnreachableError(FlashError):
    """Nothing answers any more."""


class Rom:
    """The commands. Each is tried several times, after making sure that the ROM waits for one.

    Raises FlashError where a command does not succeed, LinkError where the port is lost.
    """

    def __init__(self, line: Line, timing: Timing = STANDARD) -> None:
        self.line, self.timing = line, timing
        self._extended: bool | None = None
        self._filler = SYNC

    def synchronise(self) -> None:
        """Brings the ROM to where it waits for a command: freshly reset, or left in the middle of anything.

        Fillers end whatever it waits for, and only a NACK says for certain that the next byte begins a command. The
        first time they are 0x7f, by which a fresh ROM measures its baud rate and which is no command either. Later
        they must not be: in the middle of a WRITE they would be 128 bytes of data with the right check byte, and
        spoil flash that was read back before.
        """
        self.line.forget()
        for fillers in (*(1,) * SINGLE_FILLERS, *(part for burst in FILLER_BURSTS for part in (burst, 1, 1, 1))):
            self.line.write(bytes([self._filler]) * fillers)
            answer = self.line.read(time.monotonic() + self.timing.settle_s)
            if fillers == 1 and answer[-1:] == bytes([NACK]):
                self._filler = FILLER
                return
        raise UnreachableError(
            self.line.name,
            "no ROM bootloader answers",
            "Let the chip start its ROM (STM32: BOOT0 high, then reset), check the wiring, then flash again",
        )

    def version(self) -> str:
        """Version of the bootloader, "3.1"."""
        major, minor = divmod(self._agreed("its version", self._version)[0], 16)
        return f"{major}.{minor}"

    def chip_id(self) -> int:
        """The product's number, 0x421 for an STM32F446 (ST AN2606, "Device-dependent bootloader parameters")."""
        return int.from_bytes(self._agreed("its chip id", self._id), "big")

    def read(self, address: int, size: int) -> bytes:
        """At most BLOCK_BYTES of memory."""

        def once() -> bytes:
            self._command(Command.READ)
            self._address(address)
            self._send(bytes((size - 1, (size - 1) ^ 0xFF)))
            self._acknowledged("read")
            return self._bytes(size)

        return self._until_done(f"reading at {address:#010x}", once)

    def write(self, address: int, data: bytes) -> None:
        """At most BLOCK_BYTES to erased flash. What is there already is not written again: some flash refuses that."""
        errors: list[RomError] = []
        while len(errors) < self.timing.attempts:
            try:
                return self._write(address, data)
            except RomError as error:
                errors.append(error)
            self.synchronise()
            if self.read(address, len(data)) == data:
                return None
        raise self._failed(f"writing at {address:#010x}", errors)

    def erase(self, sector: Sector) -> None:
        if self._extended is None:
            self._extended = Command.EXTENDED_ERASE in self._agreed("its commands", self._commands)
        if not self._extended and sector.number >= MOST_SECTORS:
            problem = f"sector {sector.number} is beyond what its ERASE can name"
            raise FlashError(self.line.name, problem, "Correct flash.sectors of the board file")
        self._until_done(f"erasing sector {sector.number}", lambda: self._erase([sector.number]))

    def go(self, address: int) -> None:
        """Starts the program whose vector table is at the address. Its last ACK may get lost: then nothing answers."""
        errors: list[RomError] = []
        while len(errors) < self.timing.attempts:
            try:
                self._command(Command.GO)
                return self._address(address)
            except RomError as error:
                errors.append(error)
            try:
                self.synchronise()
            except UnreachableError:
                return None
        raise self._failed("starting the program", errors)

    # --- one exchange each

    def _commands(self) -> bytes:
        self._command(Command.GET)
        return self._counted()[1:]

    def _version(self) -> bytes:
        self._command(Command.GET_VERSION)
        answer = self._bytes(3)  # version and two bytes that mean nothing over USART
        self._acknowledged("version")
        return answer

    def _id(self) -> bytes:
        self._command(Command.GET_ID)
        return self._counted()

    def _write(self, address: int, data: bytes) -> None:
        self._command(Command.WRITE)
        self._address(address)
        self._send_checked(bytes([len(data) - 1]) + data)
        self._acknowledged("write")

    def _erase(self, numbers: Sequence[int]) -> None:
        if self._extended:
            self._command(Command.EXTENDED_ERASE)
            words = (len(numbers) - 1, *numbers)
            self._send_checked(b"".join(word.to_bytes(2, "big") for word in words))
        else:
            self._command(Command.ERASE)
            self._send_checked(bytes((len(numbers) - 1, *numbers)))
        self._acknowledged("erase", self.timing.erase_s)

    # --- what exchanges are made of

    def _command(self, command: Command) -> None:
        self.line.forget()
        self._send(bytes((command, command ^ 0xFF)))
        try:
            self._acknowledged(f"command {command.name}")
        except RefusedError as error:
            error.command = True
            raise

    def _address(self, address: int) -> None:
        self._send_checked(address.to_bytes(4, "big"))
        self._acknowledged(f"address {address:#010x}")

    def _counted(self) -> bytes:
        """Bytes with their number, less one, in front and an ACK behind."""
        data = self._bytes(self._bytes(1)[0] + 1)
        self._acknowledged("end of an answer")
        return data

    def _send_checked(self, data: bytes) -> None:
        self._send(data + bytes([functools.reduce(operator.xor, data)]))

    def _send(self, data: bytes) -> None:
        self.line.write(data)

    def _bytes(self, count: int, wait_s: float | None = None) -> bytes:
        deadline = time.monotonic() + (self.timing.answer_s if wait_s is None else wait_s)
        received = bytearray()
        while len(received) < count:
            part = self.line.read(deadline, count - len(received))
            if not part:
                problem = f"{len(received)} of {count} bytes came in time"
                raise RomError(self.line.name, problem, "Check baud rate, parity and wiring")
            received += part
        return bytes(received)

    def _acknowledged(self, what: str, wait_s: float | None = None) -> None:
        answer = self._bytes(1, wait_s)[0]
        if answer == NACK:
            raise RefusedError(self.line.name, f"{what} is refused", "Flash again")
        if answer != ACK:
            raise RomError(
                self.line.name, f"{what} is answered with {answer:#04x}", "Check baud rate, parity and wiring"
            )

    def _until_done(self, what: str, once: Callable[[], T]) -> T:
        errors: list[RomError] = []
        while True:
            try:
                return once()
            except RomError as error:
                errors.append(error)
            if len(errors) == self.timing.attempts:
                raise self._failed(what, errors)
            self.synchronise()

    def _agreed(self, what: str, once: Callable[[], bytes]) -> bytes:
        """An answer that came twice in a row."""
        before = self._until_done(what, once)
        for _ in range(self.timing.attempts):
            answer = self._until_done(what, once)
            if answer == before:
                return answer
            before = answer
        raise FlashError(self.line.name, f"the chip tells {what} differently every time", "Check cable and baud rate")

    def _failed(self, what: str, errors: Sequence[RomError]) -> FlashError:
        if all(isinstance(error, RefusedError) and error.command for error in errors):
            return FlashError(
                self.line.name,
                f"{what} is refused: the chip is protected",
                "Remove its read and write protection with the vendor's tool, which erases the chip, then flash again",
            )
        last = errors[-1]
        return FlashError(self.line.name, f"{what} failed {len(errors)} times ({last.problem})", last.remedy)
