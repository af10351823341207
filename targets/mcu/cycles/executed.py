"""What was executed in each window: instructions, and cycles by the timings of a core."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import ToolError
from edgesnn.targets.mcu.cycles import sequence
from edgesnn.targets.mcu.cycles.instruction import WIDE, Instruction
from edgesnn.targets.mcu.cycles.listing import Listing
from edgesnn.targets.mcu.cycles.timings import Bounds, Timings
from edgesnn.targets.mcu.cycles.trace import Block


@dataclass(frozen=True)
class Executed:
    """Instructions, and their cycles (low, typical, high)."""

    instructions: float
    cycles: Bounds

    def __add__(self, other: Executed) -> Executed:
        return Executed(self.instructions + other.instructions, self.cycles + other.cycles)

    def times(self, factor: float) -> Executed:
        return Executed(self.instructions * factor, self.cycles * factor)


NOTHING = Executed(0, np.zeros(3))


def executed(timings: Timings, listing: Listing, blocks: Iterable[Block], windows: int) -> list[Executed]:
    """The sum of each window. Raises ToolError where blocks are not of this program, or the core has no timing."""
    found = [NOTHING] * windows
    for block in blocks:
        found[block.window] += of_block(timings, listing, block)
    return found


def of_block(timings: Timings, listing: Listing, block: Block) -> Executed:
    """All runs of a block. A jump that depends on a condition was not taken where what lies behind it ran next."""
    code = listing.following(block.address, block.instructions)
    last = code[-1]
    if last.address != block.last:
        raise ToolError(f"{block.address:#x}", "was executed as other code than the program's", "Build it again")
    jumping, passing = sequence.cycles(timings, code, listing.instructions)
    behind = block.behind_4 if last.size == WIDE else block.behind_2
    passed = behind if last.may_fall_through else 0
    return Executed(block.runs * len(code), (block.runs - passed) * jumping + passed * passing)


def of_call(timings: Timings, code: Iterable[Instruction]) -> Executed:
    """Instructions that end in a jump, once."""
    listed = tuple(code)
    return Executed(len(listed), sequence.cycles(timings, listed, {})[0])
