"""Boards that only a person can connect: what is built for them is held against the vendors' documents.

The firmware's vectors and memories are read from the ELF. Its start is run on this computer against a table of
registers, and what it leaves in them is compared with values worked out by hand from the documents that a test names.
"""

from __future__ import annotations

import dataclasses
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

import edgesnn
from edgesnn.errors import LinkError, ToolError
from edgesnn.target import Artifact
from edgesnn.targets.mcu import boards, sources
from edgesnn.targets.mcu.flash import probe
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.harness import STRICT, compile_c

KIB = 1024
SHARED = {"bare", "cortex-m", "armv6-m", "ctz", "systick", "icount", "cycles", "dwt"}  # without the chip's registers
REAL = sorted(name for name, board in TARGET.boards().items() if boards.facts_of(board).run.kind == "device")
Build = Callable[[str, str], Artifact]

# board: (flash, bytes, RAM, bytes, interrupt of the UART). STM32F446xC/E data sheet (DS10693), section 4, and RM0390,
# table 38; STM32L4R5xx data sheet (DS12023), section 5, and RM0432, table of vectors; nRF52840 Product Specification,
# chapter Memory, where a peripheral's interrupt is bits 12 to 17 of its address; RP2040 Datasheet, 2.2, 2.3.2, 2.6.
PUBLISHED = {
    "nucleo-f446re": (0x0800_0000, 512 * KIB, 0x2000_0000, 128 * KIB, 38),
    "nucleo-l4r5zi": (0x0800_0000, 2048 * KIB, 0x2000_0000, 640 * KIB, 70),
    "nrf52840dk": (0x0000_0000, 1024 * KIB, 0x2000_0000, 256 * KIB, 2),
    "rpi-pico": (0x1000_0000, 2048 * KIB, 0x2000_0000, 264 * KIB, 20),
}


def test_every_real_board_is_checked() -> None:
    assert sorted(PUBLISHED) == REAL


@pytest.mark.parametrize("board", REAL)
def test_memory_map(built: Build, board: str) -> None:
    """Everything that the ELF loads lies in the chip's flash, everything that it uses while it runs in its RAM."""
    flash, flash_bytes, ram, ram_bytes, irq = PUBLISHED[board]
    facts = boards.facts_of(TARGET.board(board))
    assert facts.port.uart_irq == irq
    with built("many_classes", board).main.open("rb") as file:
        elf = ELFFile(file)
        loaded = [segment for segment in elf.iter_segments() if segment["p_type"] == "PT_LOAD"]
        for segment in loaded:
            if segment["p_filesz"]:
                assert flash <= segment["p_paddr"] <= flash + flash_bytes - segment["p_filesz"]
        for name in (".bss", ".stack"):
            section = elf.get_section_by_name(name)
            assert ram <= section["sh_addr"] <= ram + ram_bytes - section["sh_size"]


@pytest.mark.parametrize("board", REAL)
def test_vector_table(built: Build, board: str) -> None:
    """Stack and reset handler, then the exceptions: ARMv7-M (DDI 0403), B1.5.3, and ARMv6-M (DDI 0419), B1.5.2."""
    start = {"rpi-pico": 0x1000_0100}.get(board, PUBLISHED[board][0])
    with built("many_classes", board).main.open("rb") as file:
        elf = ELFFile(file)
        symbols = {symbol.name: symbol["st_value"] for symbol in elf.get_section_by_name(".symtab").iter_symbols()}
        text = elf.get_section_by_name(".text")
        vectors = struct.unpack_from("<16I", text.data(), start - text["sh_addr"])
        entry = elf.header["e_entry"]
    fault, systick = symbols["esnn_port_fault"] | 1, symbols["esnn_port_systick"] | 1
    assert symbols["esnn_port_vectors"] == start
    assert vectors[:7] == (symbols["esnn_port_stack_high"], symbols["esnn_port_reset"] | 1, *[fault] * 5)
    assert vectors[7:] == (0, 0, 0, 0, fault, fault, 0, fault, systick)
    assert vectors[0] % 8 == 0
    assert entry in (vectors[1], vectors[1] - 1)


def started(board: str, folder: Path, rules: Sequence[str]) -> dict[int, int]:
    """Registers after the port's start: address to value."""
    facts = boards.facts_of(TARGET.board(board))
    sources.lay_out_port(folder, facts)
    shutil.copytree(Path(__file__).parent / "registers", folder / "registers")
    for name in ("register.h", "barrier.h"):
        (folder / sources.PORT / name).unlink()
    own = [name for name in facts.port.folders if name not in SHARED]
    drivers = sorted(path.name for name in own for path in (sources.FIRMWARE / "ports" / name).glob("*.c"))
    compile_c(
        "cc",
        [*STRICT, "-iquote", ".", "-iquote", "registers", "-iquote", sources.PORT, "-iquote", sources.FIRMWARE,
         *(Path(sources.PORT) / name for name in drivers), "registers/registers.c", "-o", "start"],
        folder,
    )  # fmt: skip
    said = subprocess.run([folder / "start", *rules], capture_output=True, text=True, timeout=20, check=True).stdout
    return {int(line.split()[0], 16): int(line.split()[1], 16) for line in said.splitlines()}


def field(value: int, low: int, bits: int = 1) -> int:
    return value >> low & (1 << bits) - 1


def test_start_of_an_stm32f446(tmp_path: Path) -> None:
    """RM0390: addresses in table 1, FLASH_ACR in 3.8.1, PWR_CR in 5.4.1, RCC in 6.3, GPIO in 7.4, USART in 25.6; wait
    states in table 5; NUCLEO-F446RE: UM1724, USART2 on PA2 and PA3; their alternate function 7: DS10693, table 11."""
    rcc, gpioa, usart2 = 0x4002_3800, 0x4002_0000, 0x4000_4400
    rules = [
        f"{rcc:x}:1000000>{rcc:x}:2000000",  # PLLON: PLLRDY
        f"{rcc + 8:x}:2>{rcc + 8:x}:8",  # SW: SWS
        f"{rcc + 4:x}:0>{rcc + 4:x}:20000000",  # reset value of PLLR
    ]
    left = started("nucleo-f446re", tmp_path, rules)
    pll, choice = left[rcc + 0x04], left[rcc + 0x08]
    m, n, p, from_crystal = field(pll, 0, 6), field(pll, 6, 9), 2 * (field(pll, 16, 2) + 1), field(pll, 22)
    assert (m, p, from_crystal, field(pll, 28, 3)) == (8, 2, 0, 2)
    assert 16_000_000 // m * n // p == 168_000_000
    assert 100_000_000 <= 16_000_000 // m * n <= 432_000_000
    assert 2 <= field(pll, 24, 4) <= 15
    assert (field(choice, 0, 2), field(choice, 4, 4), field(choice, 10, 3), field(choice, 13, 3)) == (
        2,
        0,
        0b101,
        0b100,
    )
    assert left[0x4002_3C00] == 5 | 1 << 8 | 1 << 9 | 1 << 10
    assert field(left[0x4000_7000], 14, 2) == 0b11
    assert field(left[rcc + 0x30], 0) == 1
    assert (field(left[rcc + 0x40], 17), field(left[rcc + 0x40], 28)) == (1, 1)
    for pin in (2, 3):
        assert field(left[gpioa], 2 * pin, 2) == 0b10
        assert field(left[gpioa + 0x20], 4 * pin, 4) == 7
    assert left[usart2 + 0x08] == round(42_000_000 / 115_200)
    assert left[usart2 + 0x0C] == 1 << 13 | 1 << 5 | 1 << 3 | 1 << 2  # UE, RXNEIE, TE, RE


def test_start_of_an_stm32l4r5(tmp_path: Path) -> None:
    """RM0432: registers of FLASH, PWR, RCC, GPIO and LPUART; NUCLEO-L4R5ZI: UM2179, LPUART1 on PG7 and PG8, whose
    supply PWR_CR2.IOSV declares; their alternate function 8: DS12023, tables of alternate functions."""
    rcc, gpiog, lpuart = 0x4002_1000, 0x4800_1800, 0x4000_8000
    rules = [
        f"{rcc:x}:100>{rcc:x}:400",  # HSION: HSIRDY
        f"{rcc:x}:1000000>{rcc:x}:2000000",  # PLLON: PLLRDY
        f"{rcc + 8:x}:3>{rcc + 8:x}:c",  # SW: SWS
    ]
    left = started("nucleo-l4r5zi", tmp_path, rules)
    pll = left[rcc + 0x0C]
    m, n, r = field(pll, 4, 4) + 1, field(pll, 8, 7), 2 * (field(pll, 25, 2) + 1)
    assert (field(pll, 0, 2), field(pll, 24)) == (2, 1)  # HSI16; PLLREN
    assert 16_000_000 // m * n // r == 80_000_000
    assert 2_660_000 <= 16_000_000 // m <= 8_000_000
    assert 64_000_000 <= 16_000_000 // m * n <= 344_000_000
    assert left[0x4002_2000] == 3 | 1 << 8 | 1 << 9 | 1 << 10
    assert field(left[0x4000_7004], 9) == 1
    assert (field(left[rcc + 0x4C], 6), field(left[rcc + 0x58], 28), field(left[rcc + 0x5C], 0)) == (1, 1, 1)
    assert field(left[gpiog], 14, 2) == field(left[gpiog], 16, 2) == 0b10
    assert field(left[gpiog + 0x20], 28, 4) == field(left[gpiog + 0x24], 0, 4) == 8
    assert left[lpuart + 0x0C] == round(256 * 80_000_000 / 115_200)
    assert left[lpuart + 0x08] == 1 << 12  # OVRDIS
    assert left[lpuart] == 1 << 5 | 1 << 3 | 1 << 2 | 1  # RXNEIE, TE, RE, UE


def test_start_of_an_nrf52840(tmp_path: Path) -> None:
    """nRF52840 Product Specification: chapters CLOCK, GPIO, NVMC, UART. DK: P0.06 and P0.08 go to the J-Link."""
    clock, gpio, uart = 0x4000_0000, 0x5000_0000, 0x4000_2000
    left = started("nrf52840dk", tmp_path, [f"{clock:x}:1>{clock + 0x100:x}:1"])
    assert (left[clock], left[0x4001_E540]) == (1, 1)  # TASKS_HFCLKSTART, ICACHECNF
    assert (left[gpio + 0x508], left[gpio + 0x700 + 4 * 6], left[gpio + 0x700 + 4 * 8]) == (1 << 6, 0b11, 0b1100)
    assert (left[uart + 0x50C], left[uart + 0x514]) == (6, 8)
    assert left[uart + 0x524] == 0x01D7_E000
    assert (left[uart + 0x500], left[uart + 0x304], left[uart + 0x000], left[uart + 0x008]) == (4, 1 << 2, 1, 1)


def test_start_of_an_rp2040(tmp_path: Path) -> None:
    """RP2040 Datasheet: resets 2.14.3, clocks 2.15.7, crystal 2.16.7, PLL 2.18.4, pins 2.19.6, UART 4.2.8."""
    resets, clocks, crystal, pll, uart = 0x4000_C000, 0x4000_8000, 0x4002_4000, 0x4002_8000, 0x4003_4000
    rules = [
        f"{resets:x}:0>{resets + 8:x}:1ffffff",
        f"{crystal:x}:fab000>{crystal + 4:x}:80000000",
        f"{pll:x}:1>{pll:x}:80000000",
        f"{clocks + 0x30:x}:2>{clocks + 0x38:x}:4",
        f"{clocks + 0x3C:x}:1>{clocks + 0x44:x}:2",
    ]
    left = started("rpi-pico", tmp_path, rules)
    assert left[crystal] == 0xFAB_AA0
    assert left[crystal + 0x0C] == 47
    divide = left[pll + 0x0C]
    assert 12_000_000 * left[pll + 0x08] == 1_500_000_000
    assert 1_500_000_000 // field(divide, 16, 3) // field(divide, 12, 3) == 125_000_000
    assert left[pll + 0x04] == 1 << 2
    assert (left[clocks + 0x30], left[clocks + 0x3C], left[clocks + 0x48]) == (2, 1, 1 << 11)
    assert left[0x4001_4004] == left[0x4001_400C] == 2  # GPIO0 and GPIO1: UART
    assert field(left[0x4001_C008], 3) == 1
    assert abs(125_000_000 / (16 * (left[uart + 0x24] + left[uart + 0x28] / 64)) / 115_200 - 1) < 0.001
    assert (left[uart + 0x2C], left[uart + 0x30], left[uart + 0x38]) == (3 << 5, 1 << 9 | 1 << 8 | 1, 1 << 4)


def crc32_bit_by_bit(data: bytes) -> int:
    """CRC-32 as the RP2040's ROM has it: RP2040 Datasheet, 2.8.1.3.1."""
    crc = 0xFFFF_FFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C1_1DB7 if crc >> 31 else 0)) & 0xFFFF_FFFF
    return crc


def test_boot_stage_of_an_rp2040(built: Build, tmp_path: Path) -> None:
    """The first 256 bytes are what boot2.S assembles to, and the CRC-32 that the ROM asks for."""
    reflected = bytes(int(f"{byte:08b}"[::-1], 2) for byte in b"123456789")
    assert crc32_bit_by_bit(b"123456789") == int(f"{zlib.crc32(reflected) ^ 0xFFFF_FFFF:032b}"[::-1], 2)
    compile_c("arm-none-eabi-gcc", ["-c", sources.FIRMWARE / "ports" / "rp2040" / "boot2.S", "-o", "boot2.o"], tmp_path)
    with (tmp_path / "boot2.o").open("rb") as file:
        stage = bytes(ELFFile(file).get_section_by_name(".text").data()).ljust(252, b"\0")
    with built("many_classes", "rpi-pico").main.open("rb") as file:
        start = bytes(ELFFile(file).get_section_by_name(".text").data())[:256]
    assert start == stage + struct.pack("<I", crc32_bit_by_bit(stage))


def test_without_a_port_it_says_what_to_connect(built: Build) -> None:
    artifact = built("many_classes", "nucleo-f446re")
    with pytest.raises(LinkError, match=r"nucleo-f446re: is a real board.*Connect its ST-Link to USB.*--port"):
        TARGET.open(artifact)


def test_a_board_that_cannot_be_flashed_is_left_as_it_is(built: Build) -> None:
    artifact = built("many_classes", "nucleo-f446re")
    facts = {key: value for key, value in artifact.board.facts.items() if key != "flash"}
    unflashed = dataclasses.replace(artifact, board=dataclasses.replace(artifact.board, facts=facts))
    with pytest.raises(LinkError, match=r"Put many_classes\.elf of `edgesnn build` on it\. Connect its ST-Link to USB"):
        TARGET.flash(unflashed)
    assert "nothing is written to /dev/ttyACM0" in TARGET.flash(unflashed, "/dev/ttyACM0")


def test_deploy_flashes_the_way_that_the_board_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as it goes without the library: it is built, and the library is asked for."""
    monkeypatch.setattr(probe, "PYOCD", "no_such_library")
    with pytest.raises(ToolError, match=r"flashed through a debug probe\. pip install 'edgesnn\[flash\]'"):
        edgesnn.deploy("qt_snn", "mcu", "nucleo-f446re", "/dev/ttyACM0", tmp_path / "out", samples=1)
    assert (tmp_path / "out" / "qt_snn.elf").is_file()
