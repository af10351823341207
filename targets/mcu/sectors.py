"""The sectors of a flash memory: what is erased at once, in its order from the first address on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edgesnn.errors import BoardError

RUN = re.compile(r"([1-9]\d{0,4}) x ([1-9]\d{0,4})(K?)")
KIBI = 1024
MOST = 65535  # numbers of sectors that the ROM's extended erase can name


@dataclass(frozen=True)
class Sector:
    """number: as the chip counts. address, bytes: where it lies."""

    number: int
    address: int
    bytes: int

    @property
    def end(self) -> int:
        return self.address + self.bytes


def parse(where: str, origin: int, runs: Sequence[str]) -> tuple[Sector, ...]:
    """Sectors from runs of equal ones, "4 x 16K" or "64 x 512". Raises BoardError at a run that is none.

    >>> [hex(sector.address) for sector in parse("board", 0x08000000, ["2 x 16K", "1 x 64K"])]
    ['0x8000000', '0x8004000', '0x8008000']
    """
    found: list[Sector] = []
    address = origin
    for run in runs:
        match = RUN.fullmatch(run)
        if match is None or len(found) + int(match[1]) > MOST:
            raise BoardError(where, f"flash.sectors has {run!r}", 'Write runs of equal sectors as "4 x 16K"')
        size = int(match[2]) * (KIBI if match[3] else 1)
        for _ in range(int(match[1])):
            found.append(Sector(len(found), address, size))
            address += size
    return tuple(found)


def touched(sectors: Sequence[Sector], spans: Sequence[tuple[int, int]]) -> tuple[Sector, ...]:
    """The sectors that hold any byte of the spans (first address, address behind the last), in ascending order."""
    return tuple(
        sector for sector in sectors if any(start < sector.end and end > sector.address for start, end in spans)
    )
