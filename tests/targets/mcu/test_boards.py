"""Board files: every one of ours loads, and what is wrong with one is said."""

from __future__ import annotations

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


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(boards.OWN_BOARDS, str(tmp_path))
    return tmp_path


def test_listed_boards_can_run_and_parents_are_not_listed() -> None:
    listed = TARGET.boards()
    assert {"host", "mps2-an386"} <= set(listed)
    assert not {"cortex-m", "mps2", "stm32", "stm32f4"} & set(listed)
    for board in listed.values():
        facts = boards.facts_of(board)
        assert facts.run.kind in ("process", "qemu", "device")
        assert board.emulated is (facts.run.kind != "device")
        assert facts.description == board.description
        assert board.name in {path.stem for path in boards.FOLDER.glob("*.toml")}


def test_values_override_and_lists_append(own: Path) -> None:
    (own / "mine.toml").write_text(OWN + "[memory]\nram_bytes = 1000\n[link]\nbaud = 9600\n")
    facts = boards.facts_of(TARGET.board("mine"))
    assert facts.compiler.flags[-1] == "-mcpu=cortex-m3"
    assert "-O3" in facts.compiler.flags
    assert facts.memory is not None
    assert (facts.memory.ram_bytes, facts.memory.flash_bytes) == (1000, 4 << 20)
    assert (facts.link.baud, facts.link.body_bytes) == (9600, 256)


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
