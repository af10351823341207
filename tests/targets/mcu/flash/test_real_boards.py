"""How each real board is flashed: its file is held against what is published, as far as that goes without the board."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from edgesnn.errors import FlashError
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.flash import flasher_of, probe
from edgesnn.targets.mcu.flash.drive import DriveFlasher
from edgesnn.targets.mcu.flash.probe import ProbeFlasher
from edgesnn.targets.mcu.flash.uf2 import BLOCK_BYTES, HEAD
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.flash.programs import bootable, elf
from tests.targets.mcu.test_real_boards import REAL

# board: (pyOCD's name, as its list of boards has it, register, mask, what it holds). DEV_ID of DBGMCU_IDCODE: RM0390
# and RM0432, chapters on debugging; FICR INFO.PART: nRF52840 Product Specification.
PROBES = {
    "nucleo-f446re": ("stm32f446retx", 0xE004_2000, 0xFFF, 0x421),
    "nucleo-l4r5zi": ("stm32l4r5zitx", 0xE004_2000, 0xFFF, 0x470),
    "nrf52840dk": ("nrf52840", 0x1000_0100, 0xFFFF_FFFF, 0x52840),
}
NAMED = {"nucleo-f446re": "NUCLEO-F446RE", "nucleo-l4r5zi": "NUCLEO-L4R5ZI", "nrf52840dk": "nRF52840-DK"}
RP2040 = 0xE48B_FF56  # RP2040 Datasheet, 2.8.4.2


class Chip:
    """What a probe reads of it before writing."""

    def __init__(self, address: int, word: int) -> None:
        self.address, self.word = address, word

    def read_memory(self, address: int) -> int:
        assert address == self.address
        return self.word


def test_every_real_board_says_how_it_is_flashed() -> None:
    assert sorted([*PROBES, "rpi-pico"]) == REAL


@pytest.mark.parametrize("board", PROBES)
def test_through_its_probe(board: str, tmp_path: Path) -> None:
    """The program, the chip's name and number; another chip is refused."""
    facts = boards.facts_of(TARGET.board(board))
    assert facts.memory is not None
    origin = facts.memory.flash_origin
    flasher = flasher_of(board, facts, "/dev/ttyACM0")
    assert isinstance(flasher, ProbeFlasher)
    target, register, mask, part = PROBES[board]
    request = flasher.request(elf(tmp_path / "new.elf", [(origin, origin, bootable(origin, 100, 5))]))
    assert (request.target, request.segments[0].address) == (target, origin)
    flasher._right_chip(Chip(register, 0x1003_6000 & ~mask | part))
    with pytest.raises(FlashError, match="nothing is written"):
        flasher._right_chip(Chip(register, part ^ 1))


@pytest.mark.skipif(importlib.util.find_spec("pyocd") is None, reason="pyOCD is not installed: edgesnn[flash]")
def test_pyocd_has_the_same_names() -> None:
    from pyocd.board.board_ids import BOARD_ID_TO_INFO

    known = {info.name: info.target for info in BOARD_ID_TO_INFO.values()}
    assert {board: known[name] for board, name in NAMED.items()} == {board: facts[0] for board, facts in PROBES.items()}
    probe.require_target("nrf52840", None)


def test_a_pico_takes_a_file(tmp_path: Path) -> None:
    facts = boards.facts_of(TARGET.board("rpi-pico"))
    assert facts.memory is not None
    origin = facts.memory.flash_origin
    program = elf(tmp_path / "new.elf", [(origin, origin, bootable(origin, 3000, 5))])
    drive = tmp_path / "drive"
    drive.mkdir()
    (drive / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
    flasher = flasher_of("rpi-pico", facts, str(drive))
    assert isinstance(flasher, DriveFlasher)
    assert "blocks copied" in flasher.flash(program)
    *_, blocks, family = HEAD.unpack_from((drive / "new.uf2").read_bytes())
    assert family == RP2040
    assert (drive / "new.uf2").stat().st_size == blocks * BLOCK_BYTES
    (drive / "INFO_UF2.TXT").write_text("Board-ID: RP2350\n")
    with pytest.raises(FlashError, match="is the drive of 'RP2350', that of rpi-pico is 'RPI-RP2'"):
        flasher.flash(program)
