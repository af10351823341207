"""Board files: every one of ours loads, and what is wrong with one is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edgesnn.errors import BoardError
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.pins import pin
from tests.targets.mcu.conftest import TARGET

OWN = """inherits = "mps2"
description = "own"
[compiler]
flags = ["-mcpu=cortex-m3"]
[run]
kind = "qemu"
machine = "mps2-an385"
"""


FLASH = (
    OWN
    + """[flash]
kind = "stm32-uart"
chip_id = 0x421
sectors = ["4 x 16K", "1 x 64K"]
"""
)

UNICORN = """inherits = "unicorn-m4"
description = "own"
[run]
machine = "cortex-m3"
"""

NO_TIMER = """inherits = "netduinoplus2"
description = "own"
[run]
kind = "unicorn"
machine = "cortex-m4"
"""

LOADER = (
    OWN
    + """[memory]
flash_origin = 0x10_0000
flash_bytes = 0x8_0000
[flash]
kind = "loader"
loader_origin = 0
loader_bytes = 0x1_0000
slot_a = 0x20_0000
slot_b = 0x28_0000
slot_bytes = 0x8_0000
"""
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(boards.OWN_BOARDS, str(tmp_path))
    return tmp_path


def test_listed_boards_can_run_and_parents_are_not_listed() -> None:
    listed = TARGET.boards()
    assert {"host", "mps2-an386"} <= set(listed)
    assert not {"bare", "cortex-m", "mps2", "riscv", "stm32", "stm32f4"} & set(listed)
    for board in listed.values():
        facts = boards.facts_of(board)
        assert facts.run.kind in ("process", "qemu", "unicorn", "device")
        assert board.emulated is (facts.run.kind != "device")
        assert facts.description == board.description
        assert board.name in {path.stem for path in boards.FOLDER.glob("*.toml")}


def test_another_way_of_flashing_replaces_the_parents(own: Path) -> None:
    rom = 'kind = "stm32-uart"\nchip_id = 0x421\nsectors = ["4 x 16K"]\n'
    (own / "mine.toml").write_text(f'inherits = "nucleo-f446re"\ndescription = "own"\n[flash]\n{rom}')
    (own / "theirs.toml").write_text('inherits = "nucleo-f446re"\n[flash]\nfrequency_hz = 1_000_000\n')
    mine, theirs = (boards.facts_of(TARGET.board(name)).flash for name in ("mine", "theirs"))
    assert (mine.kind, mine.target, mine.sectors) == ("stm32-uart", None, ("4 x 16K",))
    assert (theirs.kind, theirs.target, theirs.frequency_hz) == ("probe", "stm32f446retx", 1_000_000)


def test_values_override_and_lists_append(own: Path) -> None:
    (own / "mine.toml").write_text(OWN + "[memory]\nram_bytes = 1000\n[link]\nbaud = 9600\n")
    facts = boards.facts_of(TARGET.board("mine"))
    assert facts.compiler.flags[-1] == "-mcpu=cortex-m3"
    assert "-O3" in facts.compiler.flags
    assert facts.memory is not None
    assert (facts.memory.ram_bytes, facts.memory.flash_bytes) == (1000, 4 << 20)
    assert (facts.link.baud, facts.link.body_bytes) == (9600, 256)


def test_a_board_that_can_only_be_flashed_is_listed(own: Path) -> None:
    (own / "mine.toml").write_text(FLASH.replace('[run]\nkind = "qemu"\nmachine = "mps2-an385"\n', ""))
    facts = boards.facts_of(TARGET.board("mine"))
    assert (facts.run.kind, facts.flash.kind, facts.flash.chip_id) == (None, "stm32-uart", 0x421)
    assert (facts.flash.sectors, facts.flash.parity, facts.flash.baud) == (("4 x 16K", "1 x 64K"), "even", 115200)


def test_tables_of_the_documentation_are_right(own: Path) -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "flashing.md"
    tables = re.findall(r"^```toml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    for i, table in enumerate(tables):
        memory = "[memory]\nflash_origin = 0x0010_0000\nflash_bytes = 0x0008_0000\n"
        (own / f"example{i}.toml").write_text(OWN + memory + table)
    kinds = {boards.facts_of(TARGET.board(f"example{i}")).flash.kind for i in range(len(tables))}
    assert kinds == {"stm32-uart", "probe", "uf2", "loader"}


def test_an_unknown_board_names_the_nearest() -> None:
    with pytest.raises(BoardError, match=r"Did you mean mps2-an386?"):
        TARGET.board("mps2-an368")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN + "[memory]\nflash_byte = 1\n", "unknown key memory.flash_byte. Did you mean flash_bytes?"),
        (OWN + "[memori]\nflash_bytes = 1\n", "unknown key memori. Did you mean memory?"),
        ("flavour = 1\n" + OWN, "unknown key flavour"),
        (OWN.replace('"mps2"', '"mps3"'), "inherits 'mps3', which is no board. Did you mean mps2?"),
        (OWN.replace('"mps2"', '"wrong"'), "more than 8 parents"),
        (OWN.replace('"mps2"', "7"), "inherits 7"),
        (OWN.replace('"own"', "7"), "description is not of type str"),
        (OWN + "[memory]\nram_bytes = true\n", "memory.ram_bytes is not of type int"),
        (OWN.replace('["-mcpu=cortex-m3"]', '"-mcpu=cortex-m3"'), "compiler.flags is not a list of strings"),
        (OWN.replace('["-mcpu=cortex-m3"]', '["-O3"]'), "flags repeats '-O3' of a parent"),
        ("link = 3\n" + OWN, "link is no table"),
        (OWN.replace('"qemu"', '"qemo"'), "run.kind 'qemo' is unknown. Did you mean qemu?"),
        (OWN.replace('machine = "mps2-an385"', ""), "run.kind is qemu without command, install and machine"),
        (
            UNICORN.replace("m3", "m5"),
            "run.machine 'cortex-m5' is no processor that unicorn emulates here. Did you mean",
        ),
        (NO_TIMER, "run.kind is unicorn without memory, port.uart or port.timer. Add them"),
        (OWN + "[link]\nbody_bytes = 5\n", "link.body_bytes 5 is outside"),
        (OWN + '[port]\nname = "cmsdc"\n', "port.name 'cmsdc' is no folder of firmware/ports. Did you mean cmsdk?"),
        (OWN + '[port]\nname = "../link"\n', "is no folder of firmware/ports"),
        (
            OWN + '[port]\nparts = ["systik"]\n',
            "port.parts 'systik' is no folder of firmware/ports. Did you mean systick",
        ),
        (OWN + '[port]\nparts = ["cortex-m"]\n', "parts repeats 'cortex-m' of a parent"),
        (OWN + '[port]\nparts = ["systick", "icount"]\n', "'cmsdk-timer' and 'icount' both have counter.c. Leave one"),
        (OWN + '[port]\ntx = "A2"\n', "port.tx 'A2' names no pin. Write it as PA2, P0.06 or GPIO0"),
        (OWN + '[port]\nrx = "PA32"\n', "port.rx 'PA32' names no pin"),
        (OWN.replace('"qemu"', '"device"'), "run.kind is device without connect. Say how its serial port is connected"),
        (FLASH.replace("chip_id", "chip"), "unknown key flash.chip. Did you mean chip_id?"),
        (FLASH.replace("0x421", '"0x421"'), "flash.chip_id is not of type int"),
        (FLASH.replace("stm32-uart", "stm32"), "flash.kind 'stm32' is unknown. Did you mean stm32-uart?"),
        (FLASH.replace("chip_id = 0x421", ""), "flash.kind 'stm32-uart' without flash.chip_id"),
        (FLASH + "family_id = 1\n", "flash.family_id means nothing to flash.kind 'stm32-uart'"),
        (FLASH.replace("16K", "16k"), "flash.sectors has '4 x 16k'. Write runs of equal sectors"),
        (FLASH + 'parity = "evn"\n', "flash.parity 'evn' is unknown. Did you mean even?"),
        (FLASH + 'reset = "cts"\n', "flash.reset 'cts' is no pin. One of dtr, rts, !dtr, !rts"),
        (FLASH + "write_bytes = 3\n", "flash.write_bytes 3 is none of 2, 4, 8, 16, 32"),
        (LOADER.replace("0x28_0000", "0x24_0000"), "in .flash., slot_a and slot_b overlap"),
        (LOADER.replace("0x28_0000", "0x28_0020"), "no multiple of 1024"),
        (LOADER.replace('"mps2"', '"virt"'), "flash.kind 'loader' is for a Cortex-M only"),
        (LOADER.replace("slot_bytes = 0x8_0000", ""), "flash.kind 'loader' without flash.slot_bytes"),
        (FLASH.replace('"mps2"', '"host"').replace('"qemu"', '"process"'), "has .flash. but no .memory."),
        ('description = "x"\n[run]\nkind = "process"\n[port]\nname = "host"\n', "key compiler is missing"),
        ("description = ", "cannot be read"),
        ("\xff", "unknown key|cannot be read"),
    ],
)
def test_a_wrong_file_is_refused(own: Path, text: str, message: str) -> None:
    (own / "wrong.toml").write_text(text, encoding="latin-1")
    with pytest.raises(BoardError, match=message) as caught:
        TARGET.boards()
    assert "wrong.toml" in caught.value.where


def test_a_folder_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(boards.OWN_BOARDS, "/no/such/folder")
    with pytest.raises(BoardError, match="names no folder"):
        TARGET.boards()


def test_pins_as_data_sheets_write_them() -> None:
    assert [pin(name) for name in ("PA2", "PG15", "P0.06", "P1.15", "GPIO28")] == [
        (0, 2), (6, 15), (0, 6), (1, 15), (0, 28),
    ]  # fmt: skip
