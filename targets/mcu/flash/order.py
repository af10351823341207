"""The order in which flash is written, so that whatever ends it early leaves a clear state.

The sector with the vector table is erased first and the first words of the table, stack pointer and entry, are written
last, after everything else has been read back. So at any moment the chip starts the whole old program, the whole
new one, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from edgesnn.errors import EdgesnnError, FlashError, LinkError
from edgesnn.progress import Progress
from edgesnn.targets.mcu.flash.image import Image, Segment, aligned
from edgesnn.targets.mcu.sectors import Sector

SEAL_BYTES = 8  # initial stack pointer and reset vector (Armv7-M ARM, B1.5.3)
ROUNDS = 3  # of erasing and writing all of it
READS = 3  # of a block that seems wrong
OLD, ERASING, NONE, SEALED = (
    "the old program is still there",
    "whether the old program is still there is not known",
    "the flash holds no program that starts until flashing succeeds",
    "the new program is written but was not read back to its last bytes",
)


class FlashMemory(Protocol):
    """Flash as a loader gives access to it. Each raises FlashError where it does not succeed, in bounded time."""

    block_bytes: int

    def erase(self, sector: Sector) -> None: ...

    def write(self, address: int, data: bytes) -> None: ...

    def read(self, address: int, size: int) -> bytes: ...


class UnequalError(FlashError):
    """A block does not hold what was written to it."""


class Writing:
    """One image on its way into one flash memory."""

    def __init__(
        self, where: str, memory: FlashMemory, image: Image, sectors: Sequence[Sector], write_bytes: int, say: Progress
    ) -> None:
        seal_bytes = max(SEAL_BYTES, write_bytes)
        self.where, self.memory, self.sectors, self.say = where, memory, sectors, say
        first = image.segments[0]
        self.seal = Segment(first.address, first.data[:seal_bytes])
        rest = aligned([Segment(first.address + seal_bytes, first.data[seal_bytes:]), *image.segments[1:]], write_bytes)
        self.blocks = list(rest.blocks(memory.block_bytes))
        self.state = OLD

    def write(self) -> None:
        """Erases, writes, reads back. Raises FlashError, saying what the flash holds then."""
        for left in reversed(range(ROUNDS)):
            try:
                self._round()
                return
            except UnequalError as error:
                if left == 0:
                    raise self._said(error) from error
            except (FlashError, LinkError) as error:
                raise self._said(error) from error

    def _round(self) -> None:
        for i, sector in enumerate(self.sectors):
            self.say("erase", i, len(self.sectors))
            self.state = ERASING if self.state == OLD else self.state
            self.memory.erase(sector)
            self.state = NONE
        for i, block in enumerate(self.blocks):
            self.say("write", i, len(self.blocks))
            self.memory.write(block.address, block.data)
        for i, block in enumerate(self.blocks):
            self.say("read back", i, len(self.blocks))
            self._compare(block)
        self.state = SEALED
        self.memory.write(self.seal.address, self.seal.data)
        self._compare(self.seal)

    def _compare(self, block: Segment) -> None:
        """Several looks, because what comes back may be garbled on its way."""
        if not any(self.memory.read(block.address, len(block.data)) == block.data for _ in range(READS)):
            problem = f"{len(block.data)} bytes at {block.address:#010x} read back wrong"
            raise UnequalError(self.where, problem, "Flash again; if it stays so, the flash is worn or protected")

    def _said(self, error: EdgesnnError) -> FlashError:
        return FlashError(error.where, f"{error.problem}; {self.state}", error.remedy)
