"""Flashing through a debug probe, as far as it goes without one: what pyOCD is asked for, and every way it can fail."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path

import pytest

from edgesnn.errors import FlashError, ToolError
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.facts import BoardFacts, Memory
from edgesnn.targets.mcu.flash import probe
from edgesnn.targets.mcu.flash.image import Segment
from edgesnn.targets.mcu.flash.probe import ProbeFlasher, Request, verify
from edgesnn.targets.mcu.flash_facts import FlashFacts
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.flash.programs import bootable, elf

CODE = bootable(0, 3000, 5)
with_pyocd = pytest.mark.skipif(
    importlib.util.find_spec("pyocd") is None, reason="pyOCD is not installed: pip install 'edgesnn[flash]'"
)


def nrf_facts(**changes: object) -> BoardFacts:
    flash = FlashFacts("probe", target="nrf52840")
    return dataclasses.replace(
        boards.facts_of(TARGET.board("mps2-an386")),
        memory=Memory(0, 1 << 20, 0x2000_0000, 256 << 10),
        flash=dataclasses.replace(flash, **changes),  # type: ignore[arg-type]
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return elf(tmp_path / "new.elf", [(0, 0, CODE), (0x2000_0000, 0x1000, b"data")])


def test_the_request(program: Path) -> None:
    request = ProbeFlasher("nrf", nrf_facts(pack="a.pack", frequency_hz=4_000_000), None).request(program)
    assert request == Request(
        "nrf52840",
        {
            "connect_mode": "under-reset", "chip_erase": "sector", "smart_flash": False,
            "hide_programming_progress": True, "no_config": True, "warning.cortex_m_default": False,
            "target_override": "nrf52840", "pack": "a.pack", "frequency": 4_000_000,
        },
        (Segment(0, CODE), Segment(0x1000, b"data")),
    )  # fmt: skip


def test_what_reads_back_wrong_is_an_error() -> None:
    memory = bytearray(CODE)
    request = Request("nrf52840", {}, (Segment(0, CODE),))
    verify(request, lambda address, size: memory[address : address + size])
    memory[2999] ^= 1
    with pytest.raises(FlashError, match="952 bytes at 0x00000800 read back wrong"):
        verify(request, lambda address, size: list(memory[address : address + size]))


def test_a_missing_library_is_named(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PYOCD", "no_such_library")
    with pytest.raises(ToolError, match=r"pip install 'edgesnn\[flash\]'"):
        ProbeFlasher("nrf", nrf_facts(), None).flash(program)


@with_pyocd
def test_the_options_are_options_of_pyocd(program: Path) -> None:
    from pyocd.core.options import BUILTIN_OPTIONS

    known = {option.name for option in BUILTIN_OPTIONS}
    request = ProbeFlasher("nrf", nrf_facts(pack="a.pack", frequency_hz=1), None).request(program)
    assert set(request.options) <= known


@with_pyocd
def test_no_probe_is_said(program: Path) -> None:
    from pyocd.core.helpers import ConnectHelper

    if ConnectHelper.get_all_connected_probes(blocking=False, print_wait_message=False):
        pytest.skip("a debug probe is connected here")
    with pytest.raises(FlashError, match=r"nrf: no debug probe is connected"):
        ProbeFlasher("nrf", nrf_facts(), None).flash(program)


@with_pyocd
def test_an_unknown_chip_names_the_pack_to_install(program: Path) -> None:
    with pytest.raises(FlashError, match=r"nrf99999: is no chip that pyOCD knows.*pyocd pack install nrf99999"):
        ProbeFlasher("nrf", nrf_facts(target="nrf99999"), None).flash(program)


@with_pyocd
def test_a_pack_that_is_none_is_named(program: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pack").write_text("no zip")
    with pytest.raises(FlashError, match=r"a\.pack: is no CMSIS pack that can be read"):
        ProbeFlasher("nrf", nrf_facts(pack=str(tmp_path / "a.pack")), None).flash(program)


def test_the_wrong_chip_is_refused_before_anything_is_written() -> None:
    class Chip:
        """All that is asked of it before writing."""

        def read_memory(self, address: int) -> int:
            assert address == 0xE004_2000
            return 0x1000_6421

    flasher = ProbeFlasher("mine", nrf_facts(id_register=0xE004_2000, id_mask=0xFFF, chip_id=0x431), None)
    with pytest.raises(FlashError, match=r"the chip at the probe is 0x421, mine has 0x431; nothing is written"):
        flasher._right_chip(Chip())
    ProbeFlasher("mine", nrf_facts(id_register=0xE004_2000, id_mask=0xFFF, chip_id=0x421), None)._right_chip(Chip())
