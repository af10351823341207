"""What every way of flashing has in common."""

from __future__ import annotations

import abc
from pathlib import Path

from edgesnn.errors import FlashError
from edgesnn.progress import Progress, silent
from edgesnn.targets.mcu.facts import BoardFacts, Memory
from edgesnn.targets.mcu.flash import image
from edgesnn.targets.mcu.flash.image import Image
from edgesnn.targets.mcu.flash_facts import FlashFacts

WORD = 4


class Flasher(abc.ABC):
    """One way to get a program into one board. port: where the user says the board is; what that is, the way knows."""

    def __init__(self, board: str, facts: BoardFacts, port: str | None) -> None:
        assert facts.memory is not None  # the board file was checked
        self.board, self.port = board, port
        self.facts: FlashFacts = facts.flash
        self.memory: Memory = facts.memory
        self.link = facts.link

    @abc.abstractmethod
    def flash(self, program: Path, progress: Progress = silent) -> str:
        """Writes the program and reads it back; one line saying what was done and what was verified.

        Raises FlashError, which says what the flash holds then, LinkError or FileError.
        """

    def prepare(self, program: Path) -> None:
        """Files beside the program that a user may want to take to the board; most ways need none."""
        return None

    def image(self, program: Path) -> Image:
        """What is to be written. Raises FlashError where it lies outside the board's flash."""
        found = image.read(program, max(self.facts.write_bytes, WORD))
        end = self.memory.flash_origin + self.memory.flash_bytes
        if found.origin < self.memory.flash_origin or found.end > end:
            raise FlashError(
                str(program),
                f"lies at {found.origin:#010x} to {found.end:#010x}, the flash of {self.board} at "
                f"{self.memory.flash_origin:#010x} to {end:#010x}",
                "Build it for this board",
            )
        return found

    def needed_port(self) -> str:
        """Raises FlashError where the user named no port."""
        if self.port is None:
            raise FlashError(self.board, "is flashed over a serial port, and none is named", "Name it with --port")
        return self.port
