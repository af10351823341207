"""Our second-stage loader: its slots through every power cut, its protocol, and a model that it receives and starts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgesnn
from edgesnn.errors import FlashError, LinkError
from edgesnn.link import open_port
from edgesnn.targets.mcu import boards, running
from edgesnn.targets.mcu.flash import loader_build
from edgesnn.targets.mcu.flash.image import read
from edgesnn.targets.mcu.flash.loader import NOT_TAKEN, UNIT, Loader, LoaderFlasher, LoaderVerb
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.flash.programs import bootable, elf
from tests.targets.mcu.harness import FIRMWARE, SANITIZED, STRICT, compile_c

HERE = Path(__file__).parent / "loader"
RUN = 0x0010_0000
BOARD = """inherits = "mps2"
description = "a Cortex-M4 with our second-stage loader"
emulated = false

[compiler]
flags = ["-mcpu=cortex-m4"]

[memory]
flash_origin = 0x0010_0000
flash_bytes = 0x0008_0000

[flash]
kind = "loader"
loader_origin = 0
loader_bytes = 0x0001_0000
slot_a = 0x0020_0000
slot_b = 0x0028_0000
slot_bytes = 0x0008_0000
"""
NUMBERS = re.compile(r"ESNN_LOADER_(\w+) = (\d+)")


def test_numbers_are_the_firmwares() -> None:
    text = (FIRMWARE / "loader" / "protocol.h").read_text()
    numbers = {name: int(value) for name, value in NUMBERS.findall(text)}
    assert numbers == {**{verb.name: int(verb) for verb in LoaderVerb}, "NOT_TAKEN": NOT_TAKEN}
    assert f"#define ESNN_LOADER_UNIT {UNIT}u" in text


def test_a_power_cut_at_any_moment_leaves_a_whole_program(tmp_path: Path) -> None:
    """Each unit programmed and each sector erased in turn is the last one; the loader's own copying is cut as well."""
    sources = [FIRMWARE / "loader" / f"{name}.c" for name in ("slots", "receive", "launch")]
    includes = [f"-I{HERE}", f"-I{FIRMWARE}"]
    arguments = [*SANITIZED, *includes, HERE / "cut.c", *sources, FIRMWARE / "link" / "crc32.c", "-o", "cut"]
    compile_c("gcc", arguments, tmp_path)
    done = subprocess.run([tmp_path / "cut"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) == 2 * (4 + 79) + 1 + 1  # erased and programmed, twice; the header; nothing is left


def test_another_compiler_finds_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("clang") is None:
        pytest.skip("clang is not installed")
    sources = [FIRMWARE / "loader" / f"{name}.c" for name in ("slots", "receive", "launch", "verbs", "ram")]
    compile_c("clang", [*STRICT, "-fsyntax-only", f"-I{HERE}", f"-I{FIRMWARE}", *sources], tmp_path)


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "slotted.toml").write_text(BOARD)
    monkeypatch.setenv(boards.OWN_BOARDS, str(folder))


@pytest.fixture
def port(board: None, tmp_path: Path) -> Iterator[str]:
    """The emulated board with the loader in its memory, just reset."""
    facts = boards.facts_of(TARGET.board("slotted"))
    program = loader_build.build(facts, tmp_path / "loader")
    emulator = boards.facts_of(TARGET.board("mps2-an386"))
    started, opened = running._qemu(emulator, program)
    name = opened.name
    opened.close()
    try:
        yield name
    finally:
        started.close()


def test_a_model_is_received_started_and_exact(port: str, tmp_path: Path) -> None:
    deployment = edgesnn.deploy("q_snn", "mcu", "slotted", port, tmp_path / "out", samples=3)
    assert deployment.exact
    assert "written to slot A by the loader" in deployment.flashed
    assert "verified by length and CRC-32 in place, and started" in deployment.flashed
    assert (tmp_path / "out" / "loader" / "loader.elf").is_file()
    with pytest.raises(FlashError, match=r"a program runs there that is no loader\); nothing is written"):
        Loader(open_port(port)).seek(1.5)


def test_slots_take_turns_and_a_broken_one_is_never_the_newest(port: str, tmp_path: Path) -> None:
    flasher = LoaderFlasher("slotted", boards.facts_of(TARGET.board("slotted")), port)
    data = [read(elf(tmp_path / f"{i}.elf", [(RUN, RUN, bootable(RUN, 1500, i))])).flat() for i in range(3)]
    data = [part.ljust(-(-len(part) // UNIT) * UNIT, b"\xff") for part in data]
    opened = open_port(port)
    try:
        loader = Loader(opened)
        info = loader.seek()
        assert (info.starts, info.run_address) == (None, RUN)
        assert flasher._write(loader, data[0], lambda *_: None) == 0
        assert flasher._write(loader, data[1], lambda *_: None) == 1
        first, second = loader.info().slots
        assert (first.whole, second.whole, second.sequence - first.sequence) == (True, True, 1)
        assert loader.begin(len(data[2]), 12345) == 0  # and then a wrong CRC
        for offset in range(0, len(data[2]), UNIT):
            loader.write(offset, data[2][offset : offset + UNIT])
        with pytest.raises(FlashError, match="refuses commit: the flash does not hold what was written"):
            loader.commit()
        info = loader.info()
        assert (info.starts, info.slots[0].whole, info.slots[1].whole) == (1, False, True)
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("length", "offset", "data", "message"),
    [(33, 0, b"", "refuses begin: status 6"), (0, 0, b"", "refuses begin: status 6"),
     (1 << 20, 0, b"", "refuses begin: status 6"), (64, 32, bytes(32), "refuses write: status 6"),
     (64, 0, bytes(31), "refuses write: status 6"), (32, 0, bytes(64), "refuses write: status 6")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(port: str, length: int, offset: int, data: bytes, message: str) -> None:
    opened = open_port(port)
    try:
        loader = Loader(opened)
        loader.seek()
        with pytest.raises(FlashError, match=message):
            loader.begin(length, 0)
            loader.write(offset, data)
        with pytest.raises(FlashError, match="refuses commit: status 8"):
            loader.commit()
        with pytest.raises(FlashError, match="refuses boot: status 8"):
            loader.boot()
    finally:
        opened.close()


def test_a_program_for_another_board_is_refused(port: str, tmp_path: Path) -> None:
    facts = boards.facts_of(TARGET.board("slotted"))
    program = elf(tmp_path / "big.elf", [(RUN, RUN, bytes(0x7FFF0))])
    with pytest.raises(FlashError, match=r"starts programs of up to 524,256 bytes .* nothing is written"):
        LoaderFlasher("slotted", facts, port).flash(program)


def test_nobody_there(board: None, tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="cannot be opened"):
        LoaderFlasher("slotted", boards.facts_of(TARGET.board("slotted")), "/dev/none").flash(
            elf(tmp_path / "a.elf", [(RUN, RUN, bytes(64))])
        )
