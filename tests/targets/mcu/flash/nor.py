"""NOR flash: programming clears bits, erasing a sector sets them; it may lose its power in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgesnn.targets.mcu.sectors import Sector

RAM = range(0x2000_0000, 0x2002_0001)
WORD = 4


class PowerCut(Exception):  # noqa: N818 (nobody's error)
    """The supply is gone: nothing after this has happened."""


class NorFlash:
    """work_left: words programmed or sectors erased before the power is cut; None: never.

    takes: asked before each programmed word, which is lost where it says no. worn: addresses of words that never take.
    """

    def __init__(self, sectors: Sequence[Sector]) -> None:
        self.sectors = sectors
        self.origin, self.end = sectors[0].address, sectors[-1].end
        self.content = bytearray(b"\xff" * (self.end - self.origin))
        self.work_left: int | None = None
        self.takes: Callable[[], bool] = lambda: True
        self.worn: frozenset[int] = frozenset()

    def holds(self, address: int, size: int) -> bool:
        return self.origin <= address and address + size <= self.end

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.content[address - self.origin : address - self.origin + size])

    def program(self, address: int, data: bytes) -> None:
        for start in range(0, len(data), WORD):
            self._work()
            if self.takes() and address + start not in self.worn:
                for i, byte in enumerate(data[start : start + WORD], address - self.origin + start):
                    self.content[i] &= byte

    def erase(self, number: int) -> None:
        self._work()
        sector = self.sectors[number]
        start = sector.address - self.origin
        self.content[start : start + sector.bytes] = b"\xff" * sector.bytes

    def boots(self) -> bool:
        """Whether a Cortex-M would start what is here: a stack pointer in RAM, an odd entry in flash."""
        stack, entry = (int.from_bytes(self.read(self.origin + at, WORD), "little") for at in (0, WORD))
        return stack in RAM and entry % 2 == 1 and self.holds(entry - 1, 2)

    def _work(self) -> None:
        if self.work_left is not None:
            if self.work_left == 0:
                raise PowerCut
            self.work_left -= 1
