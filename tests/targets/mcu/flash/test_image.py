"""What of an ELF file goes to flash, and which sectors it touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesnn.errors import BoardError, FileError
from edgesnn.targets.mcu import sectors
from edgesnn.targets.mcu.flash import image
from edgesnn.targets.mcu.flash.image import Segment
from tests.targets.mcu.flash.programs import elf

FLASH = 0x0800_0000
LAYOUT = sectors.parse("board", FLASH, ["4 x 16K", "1 x 64K", "3 x 128K"])  # STM32F446, RM0390 table 5


def test_data_goes_where_it_is_loaded_not_where_it_runs(tmp_path: Path) -> None:
    path = elf(tmp_path / "a.elf", [(FLASH, FLASH, b"codecode"), (0x2000_0000, FLASH + 8, b"data!")])
    found = image.read(path)
    assert found.segments == (Segment(FLASH, b"codecodedata!\xff\xff\xff"),)
    assert (found.origin, found.end, found.size) == (FLASH, FLASH + 16, 16)


def test_gaps_stay_gaps_and_pieces_are_filled_up(tmp_path: Path) -> None:
    path = elf(tmp_path / "a.elf", [(FLASH + 0x102, FLASH + 0x102, b"xy"), (FLASH, FLASH, b"abc")])
    found = image.read(path, 8)
    assert found.segments == (
        Segment(FLASH, b"abc" + b"\xff" * 5),
        Segment(FLASH + 0x100, b"\xff\xffxy" + b"\xff" * 4),
    )
    assert found.flat() == b"abc" + b"\xff" * 0xFF + b"xy" + b"\xff" * 4


def test_blocks_do_not_cross_multiples_of_their_size() -> None:
    pieces = list(image.Image((Segment(8, bytes(range(24))),)).blocks(16))
    assert pieces == [Segment(8, bytes(range(8))), Segment(16, bytes(range(8, 24)))]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no elf", "is no ELF file"), (None, "is no ELF file"), ([], "nothing that could be written"),
     ([(FLASH, FLASH, b"12345678"), (0, FLASH + 4, b"12")], "two sections at 0x08000004")],
)  # fmt: skip
def test_a_wrong_file_is_refused(tmp_path: Path, content: object, message: str) -> None:
    path = tmp_path / "a.elf"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == []:
        elf(path, [(FLASH, FLASH, b"")])
    elif isinstance(content, list):
        elf(path, content)
    with pytest.raises(FileError, match=message):
        image.read(path)


def test_sectors_that_hold_a_byte_of_it() -> None:
    assert [sector.number for sector in sectors.touched(LAYOUT, [(FLASH, FLASH + 1)])] == [0]
    assert [sector.number for sector in sectors.touched(LAYOUT, [(FLASH + 0x3FFF, FLASH + 0x4001)])] == [0, 1]
    assert [
        sector.number for sector in sectors.touched(LAYOUT, [(FLASH, FLASH + 4), (FLASH + 0x20000, FLASH + 0x20004)])
    ] == [0, 5]
    assert LAYOUT[-1].end == FLASH + 512 * 1024


@pytest.mark.parametrize("run", ["16K", "0 x 16K", "4 x 16M", "4x16K", "-1 x 4", "65536 x 1", "4 x 0"])
def test_a_wrong_run_of_sectors_is_refused(run: str) -> None:
    with pytest.raises(BoardError, match='Write runs of equal sectors as "4 x 16K"'):
        sectors.parse("board", 0, [run])
