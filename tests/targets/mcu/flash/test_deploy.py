"""`edgesnn flash` and `edgesnn deploy` on a board that is flashed over its port: written, verified, started, exact.

The chip is the emulated ROM bootloader; what it starts are the bytes in its flash, run by QEMU.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgesnn
from edgesnn.cli import main
from edgesnn.errors import FlashError, LinkError
from edgesnn.targets.mcu import boards, sectors, tools
from tests.targets.mcu.flash.emulated_rom import EmulatedRom, on_a_terminal
from tests.targets.mcu.flash.nor import NorFlash

LAYOUT = "16 x 16K"
BOARD = f"""inherits = "mps2"
description = "a Cortex-M4 with the bootloader of an STM32"
emulated = false

[compiler]
flags = ["-mcpu=cortex-m4"]

[flash]
kind = "stm32-uart"
chip_id = 0x421
sectors = ["{LAYOUT}"]
parity = "none" # a pseudo-terminal has none
"""


class Emulator:
    """QEMU with the flash's bytes from address 0 on, its UART at standard input and output."""

    def __init__(self, rom: EmulatedRom, folder: Path) -> None:
        image = folder / "flash.bin"
        image.write_bytes(rom.flash.content)
        self.process = subprocess.Popen(
            [
                *tools.find("qemu-system-arm", "sudo apt-get install qemu-system-arm"), "-M", "mps2-an386",
                "-device", f"loader,file={image},addr=0,force-raw=on", "-display", "none", "-monitor", "none",
                "-chardev", "stdio,id=uart,signal=off", "-serial", "chardev:uart", "-icount", "shift=6",
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.output = self.process.stdout.fileno()

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def rom() -> EmulatedRom:
    return EmulatedRom(NorFlash(sectors.parse("mine", 0, [LAYOUT])))


@pytest.fixture
def port(rom: EmulatedRom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "mine.toml").write_text(BOARD)
    (folder / "hasty.toml").write_text('inherits = "mine"\n[link]\ntimeout_s = 2\n')
    monkeypatch.setenv(boards.OWN_BOARDS, str(folder))
    monkeypatch.chdir(tmp_path)
    with on_a_terminal(rom, lambda started: Emulator(started, tmp_path)) as name:
        yield name


def test_deploy_writes_verifies_runs_and_compares(rom: EmulatedRom, port: str, tmp_path: Path) -> None:
    deployment = edgesnn.deploy("q_snn", "mcu", "mine", port, tmp_path / "out", samples=3)
    assert deployment.exact
    assert "verified by reading all of it back, and started" in deployment.flashed
    assert rom.started == 0
    again = edgesnn.verify("q_snn", "mcu", "mine", port, samples=1)  # writes nothing: the ROM does not answer now
    assert again.exact


def test_what_runs_there_is_not_overwritten_by_verify(rom: EmulatedRom, port: str) -> None:
    with pytest.raises(LinkError, match="no answer to identify"):
        edgesnn.verify("q_snn", "mcu", "hasty", port, samples=1)
    assert set(rom.flash.content) == {0xFF}


def test_the_command_line_says_what_was_verified(
    rom: EmulatedRom, port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["flash", "q_snn", "--target", "mcu", "--board", "mine", "--port", port, "--json"])
    assert ended.value.code == 0
    assert "verified by reading all of it back" in json.loads(capsys.readouterr().out)["flashed"]


def test_without_a_port_nothing_can_be_done(port: str) -> None:
    with pytest.raises(FlashError, match=r"over a serial port, and none is named\. Name it"):
        edgesnn.flash("q_snn", "mcu", "mine")
    with pytest.raises(LinkError, match=r"is a real board, and no serial port is named"):
        edgesnn.verify("q_snn", "mcu", "mine", samples=1)
    assert os.path.exists(port)
