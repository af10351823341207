"""UF2 files, read back by a parser of their own, and drives that take them."""

from __future__ import annotations

import dataclasses
import struct
from pathlib import Path

import pytest

from edgesnn.errors import FlashError
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.facts import BoardFacts, Memory
from edgesnn.targets.mcu.flash import drive, image, uf2
from edgesnn.targets.mcu.flash.drive import DriveFlasher
from edgesnn.targets.mcu.flash.image import Segment
from edgesnn.targets.mcu.flash_facts import FlashFacts
from tests.targets.mcu.conftest import TARGET, model
from tests.targets.mcu.flash.programs import bootable, elf

ORIGIN, RP2040 = 0x1000_0000, 0xE48B_FF56
INFO = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n"

# The first block of a program whose bytes are 01 02 03 ... at 0x10000000, by the table of the format's README.
GOLDEN = bytes.fromhex(
    "5546320a"  # "UF2\n"
    "57515d9e"  # second magic number
    "00200000"  # flags: a family is given
    "00000010"  # address
    "00010000"  # 256 bytes of data
    "00000000"  # block 0
    "10000000"  # of 16: the sector of 4096 bytes
    "56ff8be4"  # family: RP2040
    + "0102030405060708" + "ff" * 248  # data, filled up as erased flash
    + "00" * 220  # room that is not used
    + "306fb10a"  # last magic number
)  # fmt: skip


def parsed(data: bytes) -> tuple[int, dict[int, bytes]]:
    """(family, bytes by address) of a file that is right in every field."""
    assert len(data) % 512 == 0
    count, families, pages = len(data) // 512, set(), {}
    for number in range(count):
        block = data[number * 512 : number * 512 + 512]
        first, second, flags, address, size, index, total, family = struct.unpack_from("<8I", block)
        (last,) = struct.unpack_from("<I", block, 508)
        assert (first, second, last) == (0x0A324655, 0x9E5D5157, 0x0AB16F30)
        assert (flags, size, index, total) == (0x2000, 256, number, count)
        assert address % 256 == 0 and address not in pages
        pages[address] = block[32 : 32 + size]
        families.add(family)
    (family,) = families
    return family, pages


def pico_facts(**changes: object) -> BoardFacts:
    flash = FlashFacts("uf2", family_id=RP2040, drive="RPI-RP2")
    return dataclasses.replace(
        boards.facts_of(TARGET.board("mps2-an386")),
        memory=Memory(ORIGIN, 2 << 20, 0x2000_0000, 264 << 10),
        flash=dataclasses.replace(flash, **changes),  # type: ignore[arg-type]
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return elf(tmp_path / "new.elf", [(ORIGIN, ORIGIN, bootable(ORIGIN, 5000, 3))])


@pytest.fixture
def pico(tmp_path: Path) -> Path:
    """The folder of a drive."""
    folder = tmp_path / "a drive"
    folder.mkdir()
    (folder / "INFO_UF2.TXT").write_text(INFO)
    return folder


def test_a_block_that_can_be_checked_by_hand() -> None:
    data = uf2.encode(image.aligned([Segment(ORIGIN, bytes(range(1, 9)))], 4), RP2040)
    assert data[:512] == GOLDEN
    assert len(data) == 16 * 512


def test_the_file_holds_the_program_in_whole_sectors(program: Path) -> None:
    found = image.read(program)
    family, pages = parsed(uf2.encode(found, RP2040))
    assert family == RP2040
    assert sorted(pages) == list(range(ORIGIN, ORIGIN + 8192, 256))
    assert b"".join(pages[address] for address in sorted(pages)) == found.flat().ljust(8192, b"\xff")


def test_a_gap_between_sectors_is_not_written() -> None:
    parts = image.aligned([Segment(ORIGIN, b"a"), Segment(ORIGIN + 0x10100, b"b")], 4)
    _, pages = parsed(uf2.encode(parts, RP2040))
    assert sorted(pages) == [*range(ORIGIN, ORIGIN + 4096, 256), *range(ORIGIN + 0x10000, ORIGIN + 0x11000, 256)]
    assert pages[ORIGIN + 0x10100] == b"b" + b"\xff" * 255


def test_the_named_drive_gets_the_file(program: Path, pico: Path) -> None:
    said = DriveFlasher("pico", pico_facts(), str(pico)).flash(program)
    assert (pico / "new.uf2").read_bytes() == program.with_suffix(".uf2").read_bytes()
    assert parsed((pico / "new.uf2").read_bytes())[0] == RP2040
    assert "32 blocks copied" in said
    assert "not verified: such a drive cannot be read back" in said


def test_the_mounted_drive_is_found(program: Path, pico: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    monkeypatch.setattr(drive, "MOUNTS", mounts)
    line = f"/dev/sda1 {str(pico).replace(' ', chr(92) + '040')} vfat rw 0 0\n"
    mounts.write_text("proc /proc proc rw 0 0\n" + line)
    assert "blocks copied" in DriveFlasher("pico", pico_facts(), "/dev/ttyACM0").flash(program)
    mounts.write_text(line * 2)
    with pytest.raises(FlashError, match="2 such boards are mounted"):
        DriveFlasher("pico", pico_facts(), None).flash(program)
    mounts.write_text("")
    with pytest.raises(FlashError, match="Hold BOOTSEL while plugging it in"):
        DriveFlasher("pico", pico_facts(), None).flash(program)


def test_another_board_is_refused(program: Path, pico: Path) -> None:
    with pytest.raises(FlashError, match="drive of 'RPI-RP2', that of pico is 'OTHER'; nothing is written"):
        DriveFlasher("pico", pico_facts(drive="OTHER"), str(pico)).flash(program)
    assert not (pico / "new.uf2").exists()
    (pico / "INFO_UF2.TXT").unlink()
    with pytest.raises(FlashError, match="is no UF2 drive"):
        DriveFlasher("pico", pico_facts(), str(pico)).flash(program)


def test_a_drive_that_is_full_is_an_error(program: Path, pico: Path) -> None:
    (pico / "new.uf2").symlink_to("/dev/full")
    with pytest.raises(FlashError, match=r"0 of 16,384 bytes could be written .*with BOOTSEL held"):
        DriveFlasher("pico", pico_facts(), str(pico)).flash(program)


def test_build_puts_the_file_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pico.toml").write_text(
        'inherits = "mps2"\n[compiler]\nflags = ["-mcpu=cortex-m4"]\n[memory]\nflash_origin = 0x1000_0000\n'
        f'[flash]\nkind = "uf2"\nfamily_id = {RP2040}\ndrive = "RPI-RP2"\n'
    )
    monkeypatch.setenv(boards.OWN_BOARDS, str(tmp_path))
    artifact = TARGET.build(model("many_classes"), TARGET.board("pico"), tmp_path / "build")
    _, pages = parsed(artifact.main.with_suffix(".uf2").read_bytes())
    held = image.read(artifact.main).flat()
    assert b"".join(pages[address] for address in sorted(pages)).startswith(held)
