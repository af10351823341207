"""Flashing through a debug probe, CMSIS-DAP or ST-Link, with pyOCD: the optional extra `flash`."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import FlashError, ToolError
from edgesnn.progress import Progress, silent
from edgesnn.targets.mcu import needs
from edgesnn.targets.mcu.flash.flasher import Flasher
from edgesnn.targets.mcu.flash.image import Segment
from edgesnn.targets.mcu.flash_facts import FlashFacts

PYOCD = needs.PROBES
PERCENT = 100
READ_BYTES = 1024
ALL_BITS = 0xFFFF_FFFF
OPTIONS: dict[str, object] = {
    "connect_mode": "under-reset",  # also where the program on the chip sleeps or has lost its pins
    "chip_erase": "sector",
    "smart_flash": False,  # everything is written, whatever seems to be there already
    "hide_programming_progress": True,
    "no_config": True,  # not what lies in the user's folder
    "warning.cortex_m_default": False,
}


@dataclass(frozen=True)
class Request:
    """What is asked of pyOCD: options of its session, and bytes by address."""

    target: str
    options: dict[str, object]
    segments: tuple[Segment, ...]


class ProbeFlasher(Flasher):
    """pyOCD erases and programs; then all of it is read back, and the chip is reset.

    port: the link's serial port, which also tells which of several probes is meant: those on the same USB device have
    the same serial number.
    """

    def flash(self, program: Path, progress: Progress = silent) -> str:
        request = self.request(program)
        with quiet():
            require_pyocd()
            require_target(request.target, self.facts.pack)
            probe = self._probe()
            with self._speaking(), _session(probe, request) as session:
                self._right_chip(session.target)
                _program(session, request, progress)
                verify(request, session.target.read_memory_block8, progress)
                session.target.reset()
        size = sum(len(segment.data) for segment in request.segments)
        return (
            f"{program.name}: {size:,} bytes written through the probe {probe.unique_id}, "
            "verified by reading all of it back, and started"
        )

    def request(self, program: Path) -> Request:
        """Raises FileError or FlashError where the program is none for this board."""
        target = self.facts.target
        assert target is not None  # the board file was checked
        return Request(target, {**OPTIONS, **_options(target, self.facts)}, self.image(program).segments)

    def _probe(self) -> Any:
        """Raises FlashError unless exactly one probe can be meant."""
        from pyocd.core.helpers import ConnectHelper

        probes = ConnectHelper.get_all_connected_probes(blocking=False, print_wait_message=False)
        if len(probes) > 1:
            number = _usb_serial_number(self.port)
            probes = [probe for probe in probes if probe.unique_id == number] or probes
        if not probes:
            problem = "no debug probe is connected"
            raise FlashError(
                self.board, problem, "Connect it; on Linux its USB device needs a udev rule (docs/flashing.md)"
            )
        if len(probes) > 1:
            found = ", ".join(probe.unique_id for probe in probes)
            remedy = "Leave one connected, or name its serial port with --port"
            raise FlashError(self.board, f"{len(probes)} debug probes are connected ({found})", remedy)
        return probes[0]

    def _right_chip(self, target: Any) -> None:
        """Where the board file says how a chip is known. Nothing has been written yet."""
        if self.facts.id_register is None:
            return
        mask = ALL_BITS if self.facts.id_mask is None else self.facts.id_mask
        found = target.read_memory(self.facts.id_register) & mask
        if found != self.facts.chip_id:
            problem = (
                f"the chip at the probe is {found:#05x}, {self.board} has {self.facts.chip_id:#05x}; nothing is written"
            )
            raise FlashError(self.board, problem, "Choose the right --board or probe")

    @contextlib.contextmanager
    def _speaking(self) -> Iterator[None]:
        """pyOCD's errors as ours."""
        from pyocd.core import exceptions

        try:
            yield
        except (exceptions.Error, OSError, ValueError) as error:  # ValueError: an address outside of flash
            problem = f"the probe failed ({error}); what the flash holds is not known"
            raise FlashError(self.board, problem, "Check cable and supply, then flash again") from error


def require_pyocd() -> None:
    """Raises ToolError with the command that installs it."""
    if importlib.util.find_spec(PYOCD) is None:
        raise ToolError(PYOCD, "is not installed, and this board is flashed through a debug probe", needs.PROBES_EXTRA)


def require_target(name: str, pack: str | None) -> None:
    """Raises FlashError where pyOCD does not know the chip, neither by itself nor from a CMSIS pack."""
    from pyocd.target import TARGET, normalise_target_type_name
    from pyocd.target.pack.pack_target import ManagedPacks, PackTargets

    wanted = normalise_target_type_name(name)
    if pack is not None:
        try:
            PackTargets.populate_targets_from_pack(pack)
        except Exception as error:  # of several libraries, whatever is wrong with the file
            raise FlashError(pack, f"is no CMSIS pack that can be read ({error})", "Correct flash.pack") from error
    elif wanted not in TARGET:
        ManagedPacks.populate_target(wanted)
    if wanted not in TARGET:
        remedy = f"Install the chip's CMSIS pack (pyocd pack install {name}), or name one in flash.pack"
        raise FlashError(name, "is no chip that pyOCD knows", remedy)


def verify(request: Request, read: Callable[[int, int], Any], progress: Progress = silent) -> None:
    """Compares all of the request with what is read (address, size). Raises FlashError at the first difference."""
    for segment in request.segments:
        for offset in range(0, len(segment.data), READ_BYTES):
            wanted = segment.data[offset : offset + READ_BYTES]
            address = segment.address + offset
            progress("read back", offset, len(segment.data))
            if bytes(read(address, len(wanted))) != wanted:
                problem = f"{len(wanted)} bytes at {address:#010x} read back wrong"
                raise FlashError(request.target, problem, "Flash again; if it stays so, the flash is worn or protected")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What pyOCD has to say comes with our errors, not beside them."""
    log = logging.getLogger(PYOCD)
    before, log.disabled = log.level, True
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
        log.disabled = False


def _options(target: str, facts: FlashFacts) -> dict[str, object]:
    given = {"target_override": target, "pack": facts.pack, "frequency": facts.frequency_hz}
    return {key: value for key, value in given.items() if value is not None}


def _session(probe: Any, request: Request) -> Any:
    from pyocd.core.session import Session

    return Session(probe, options=request.options)


def _program(session: Any, request: Request, progress: Progress) -> None:
    from pyocd.flash.loader import FlashLoader

    loader = FlashLoader(session, lambda part: progress("write", int(part * PERCENT), PERCENT))
    for segment in request.segments:
        loader.add_data(segment.address, segment.data)
    loader.commit()


def _usb_serial_number(port: str | None) -> str | None:
    from serial.tools import list_ports

    return next((found.serial_number for found in list_ports.comports() if found.device == port), None)
