"""The emulated bootloader and our client of it, checked with a client by somebody else.

stm32loader is GPL: it is installed into a folder of its own, and only ever runs as a program of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.targets.mcu.flash.conftest import NEW_BYTES, ORIGIN, Bench

WANTED = "stm32loader==0.7.1"
FOLDER = "EDGESNN_STM32LOADER"  # a folder that has it, instead of one that is filled from PyPI
SCRIPT = """
import sys
import serial
from stm32loader.bootloader import Stm32Bootloader

port, action, path, size = sys.argv[1:]
loader = Stm32Bootloader(serial.Serial(port, timeout=20), device_family="F4", verbosity=0)
loader.reset_from_system_memory()
print(hex(loader.get()), hex(loader.get_version()), hex(loader.get_id()))
if action == "write":
    loader.extended_erase_memory(range(7))
    loader.write_memory_data(0x0800_0000, open(path, "rb").read())
    loader.go(0x0800_0000)
else:
    open(path, "wb").write(loader.read_memory_data(0x0800_0000, int(size)))
"""


@pytest.fixture(scope="session")
def loader_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get(FOLDER)
    if named:
        return Path(named)
    folder = tmp_path_factory.mktemp("stm32loader")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), WANTED]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        pytest.skip(
            f"{WANTED} cannot be installed here ({done.stderr.strip()[-200:]}); {FOLDER} may name a folder with it"
        )
    return folder


def run_it(folder: Path, *words: object) -> str:
    environment = os.environ | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", SCRIPT, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_other_client_writes_to_the_emulated_chip(chip: Bench, loader_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new.bin").write_bytes(chip.new)
    assert run_it(loader_folder, chip.port, "write", tmp_path / "new.bin", 0).split() == ["0x31", "0x31", "0x421"]
    assert chip.holds_new
    assert chip.rom.started == ORIGIN


def test_the_other_client_reads_what_ours_wrote(chip: Bench, loader_folder: Path, tmp_path: Path) -> None:
    chip.flash()
    chip.rom.power_up()
    run_it(loader_folder, chip.port, "read", tmp_path / "read.bin", NEW_BYTES)
    assert (tmp_path / "read.bin").read_bytes() == chip.new
