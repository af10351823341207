"""A board with a small STM32, as its ROM's bootloader shows it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edgesnn.targets.mcu import boards, sectors
from edgesnn.targets.mcu.facts import BoardFacts, Memory
from edgesnn.targets.mcu.flash.rom import Timing
from edgesnn.targets.mcu.flash.stm32 import Stm32Flasher
from edgesnn.targets.mcu.flash_facts import FlashFacts
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.flash.emulated_rom import EmulatedRom, on_a_terminal
from tests.targets.mcu.flash.nor import NorFlash
from tests.targets.mcu.flash.programs import bootable, elf

ORIGIN = 0x0800_0000
SECTORS = ("4 x 1K", "1 x 4K", "2 x 8K")
QUICK = Timing(answer_s=0.03, erase_s=0.06, settle_s=0.005)
OLD_BYTES, NEW_BYTES = 6000, 3100


def stm32_facts(**changes: object) -> BoardFacts:
    flash = FlashFacts("stm32-uart", chip_id=0x421, sectors=SECTORS, parity="none")
    memory = Memory(ORIGIN, 24 * 1024, 0x2000_0000, 128 * 1024)
    return dataclasses.replace(
        boards.facts_of(TARGET.board("mps2-an386")), memory=memory, flash=dataclasses.replace(flash, **changes)
    )  # type: ignore[arg-type]


@dataclass
class Bench:
    """An emulated chip with an old program on a port, and a new program to be written."""

    rom: EmulatedRom
    port: str
    program: Path
    old: bytes
    new: bytes

    def flasher(self, timing: Timing = QUICK, **changes: object) -> Stm32Flasher:
        return Stm32Flasher("small", stm32_facts(**changes), self.port, timing)

    def flash(self, timing: Timing = QUICK) -> str:
        return self.flasher(timing).flash(self.program)

    @property
    def holds_old(self) -> bool:
        return bytes(self.rom.flash.content) == self.old

    @property
    def holds_new(self) -> bool:
        return self.rom.flash.read(ORIGIN, len(self.new)) == self.new

    def with_old_program(self) -> None:
        self.rom.flash.content[:] = self.old


@contextlib.contextmanager
def connected(folder: Path) -> Iterator[Bench]:
    """A chip on a port of its own."""
    new = bootable(ORIGIN, NEW_BYTES, 1)
    program = elf(folder / "new.elf", [(ORIGIN, ORIGIN, new)])
    rom = EmulatedRom(NorFlash(sectors.parse("small", ORIGIN, SECTORS)))
    old = bootable(ORIGIN, OLD_BYTES, 0).ljust(len(rom.flash.content), b"\xff")
    with on_a_terminal(rom) as port:
        yield Bench(rom, port, program, old, new)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with connected(tmp_path_factory.mktemp("program")) as made:
        yield made


@pytest.fixture
def chip(bench: Bench) -> Bench:
    """The chip just reset into its ROM, the old program in its flash, nothing wrong."""
    bench.with_old_program()
    bench.rom.chip_id, bench.rom.protected = 0x421, False
    bench.rom.power_up()
    return bench
