"""Flashing an STM32 through the bootloader in its ROM."""

from __future__ import annotations

from pathlib import Path

from edgesnn.errors import FlashError
from edgesnn.link.line import open_line
from edgesnn.progress import Progress, silent
from edgesnn.targets.mcu import sectors
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.flash.flasher import Flasher
from edgesnn.targets.mcu.flash.order import Writing
from edgesnn.targets.mcu.flash.pins import enter_rom
from edgesnn.targets.mcu.flash.rom import BLOCK_BYTES, STANDARD, Rom, Timing


class Stm32Flasher(Flasher):
    """Erases the sectors that the program touches, writes, reads back, starts the program."""

    def __init__(self, board: str, facts: BoardFacts, port: str | None, timing: Timing = STANDARD) -> None:
        super().__init__(board, facts, port)
        self.timing = timing

    def flash(self, program: Path, progress: Progress = silent) -> str:
        image = self.image(program)
        origin = self.facts.origin if self.facts.origin is not None else self.memory.flash_origin
        every = sectors.parse(self.board, origin, self.facts.sectors)
        touched = sectors.touched(every, image.spans)
        if not touched or touched[-1].end < image.end or touched[0].address > image.origin:
            raise FlashError(str(program), f"lies outside the sectors of {self.board}", "Correct flash.sectors")
        line = open_line(self.needed_port(), self.facts.baud, self.facts.parity)
        try:
            enter_rom(line, self.facts.reset, self.facts.boot)
            rom = Rom(line, self.timing)
            rom.synchronise()
            version = self._right_chip(rom)
            memory = _Memory(rom)
            Writing(line.name, memory, image, touched, self.facts.write_bytes, progress).write()
            rom.go(image.origin)
        finally:
            line.close()
        return (
            f"{program.name}: {image.size:,} bytes in {len(touched)} sectors written to {line.name} by the chip's "
            f"bootloader {version}, verified by reading all of it back, and started"
        )

    def _right_chip(self, rom: Rom) -> str:
        """The bootloader's version. Raises FlashError where the chip is another one: nothing has been written yet."""
        found = rom.chip_id()
        if found != self.facts.chip_id:
            raise FlashError(
                rom.line.name,
                f"the chip there is {found:#05x}, {self.board} has {self.facts.chip_id:#05x}; nothing is written",
                "Choose the right --board or --port",
            )
        return rom.version()


class _Memory:
    """The ROM's commands as flash memory."""

    block_bytes = BLOCK_BYTES

    def __init__(self, rom: Rom) -> None:
        self.erase, self.write, self.read = rom.erase, rom.write, rom.read
