"""Our second-stage loader: its slots through every power cut, its protocol, and a model that it receives and starts."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgesnn
from edgesnn.errors import FlashError, LinkError
from edgesnn.link import open_port
from edgesnn.progress import silent
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.flash import loader_build
from edgesnn.targets.mcu.flash.loader import NOT_TAKEN, UNIT, Loader, LoaderFlasher, LoaderVerb
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.emulated import Emulated
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
window_ms = 2000 # a busy machine is slow to answer
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


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardFacts]:
    """Of a board file of one's own."""
    folder = tmp_path_factory.mktemp("boards")
    (folder / "slotted.toml").write_text(BOARD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(boards.OWN_BOARDS, str(folder))
        yield boards.facts_of(TARGET.board("slotted"))


@pytest.fixture(scope="module")
def program(facts: BoardFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The loader, with every warning an error."""
    strict = dataclasses.replace(facts.compiler, flags=(*facts.compiler.flags, *STRICT))
    return loader_build.build(dataclasses.replace(facts, compiler=strict), tmp_path_factory.mktemp("loader") / "build")


@pytest.fixture
def chip(program: Path, tmp_path: Path) -> Iterator[Emulated]:
    emulated = Emulated(program, tmp_path)
    try:
        yield emulated
    finally:
        emulated.close()


@pytest.fixture
def loader(chip: Emulated) -> Iterator[Loader]:
    port = open_port(chip.port)
    try:
        yield Loader(port)
    finally:
        port.close()


def test_a_model_is_received_started_and_exact_and_survives_a_cut_update(chip: Emulated, tmp_path: Path) -> None:
    deployment = edgesnn.deploy("q_snn", "mcu", "slotted", chip.port, tmp_path / "out", samples=3)
    assert deployment.exact
    assert "written to slot A by the loader" in deployment.flashed
    assert "verified by length and CRC-32 in place, and started" in deployment.flashed
    assert (tmp_path / "out" / "bootloader" / "loader.elf").is_file()

    port = open_port(chip.port)
    loader = Loader(port)
    with pytest.raises(FlashError, match=r"a program runs there that is no loader\); nothing is written"):
        loader.seek(1.5)
    chip.reset()
    assert loader.seek().starts == 0
    assert loader.begin(4096, 0) == 1
    loader.write(0, bytes(224))
    chip.reset()  # in the middle of the update; nobody speaks to the loader now
    port.close()
    assert edgesnn.verify("q_snn", "mcu", "slotted", chip.port, samples=2).exact


def test_slots_take_turns_and_a_broken_one_is_never_the_newest(loader: Loader, facts: BoardFacts) -> None:
    flasher = LoaderFlasher("slotted", facts, loader.port.name)
    data = [bootable(RUN, 1504, seed) for seed in range(3)]
    info = loader.seek()
    assert (info.starts, info.run_address) == (None, RUN)
    assert flasher._write(loader, data[0], silent) == 0
    assert flasher._write(loader, data[1], silent) == 1
    first, second = loader.info().slots
    assert (first.whole, second.whole, second.sequence - first.sequence) == (True, True, 1)
    assert loader.begin(len(data[2]), 12345) == 0  # which is not its CRC
    for offset in range(0, len(data[2]), UNIT):
        loader.write(offset, data[2][offset : offset + UNIT])
    with pytest.raises(FlashError, match="refuses commit: the flash does not hold what was written"):
        loader.commit()
    info = loader.info()
    assert (info.starts, info.slots[0].whole, info.slots[1].whole) == (1, False, True)


def test_what_does_not_fit_is_refused(loader: Loader, facts: BoardFacts) -> None:
    loader.seek()
    for length in (0, 33, 1 << 20):
        with pytest.raises(FlashError, match="refuses begin: a length or offset is out of range"):
            loader.begin(length, 0)
    with pytest.raises(FlashError, match="refuses write: nothing has begun or is complete"):
        loader.write(0, bytes(UNIT))
    loader.begin(64, 0)
    for offset, size in ((32, 32), (0, 31), (0, 96), (0, 0)):
        with pytest.raises(FlashError, match="refuses write: a length or offset is out of range"):
            loader.write(offset, bytes(size))
    for refused in (loader.commit, loader.boot):
        with pytest.raises(FlashError, match="nothing has begun or is complete"):
            refused()
    with pytest.raises(FlashError, match=r"starts programs of up to 524,256 bytes .* nothing is written"):
        LoaderFlasher("slotted", facts, loader.port.name)._fits(loader.seek(), Path("big.elf"), bytes(0x7FFF0))


def test_nobody_there(facts: BoardFacts, tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="cannot be opened"):
        LoaderFlasher("slotted", facts, "/dev/none").flash(elf(tmp_path / "a.elf", [(RUN, RUN, bytes(64))]))
