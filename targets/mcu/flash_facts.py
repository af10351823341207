"""What a board file may say about flashing: the schema of its table [flash]."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.errors import BoardError
from edgesnn.link.line import PARITIES
from edgesnn.target import nearest
from edgesnn.targets.mcu import sectors

PINS = ("dtr", "rts", "!dtr", "!rts")
WRITE_BYTES = (2, 4, 8, 16, 32)
# By kind of flashing: the keys of [flash] that it needs, and those it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "stm32-uart": (("chip_id", "sectors"), ("origin", "write_bytes", "baud", "parity", "reset", "boot")),
    "uf2": (("family_id",), ("drive",)),
    "probe": (("target",), ("pack", "frequency_hz", "id_register", "id_mask", "chip_id")),
    "loader": ((), ()),
}


@dataclass(frozen=True)
class FlashFacts:
    """How a program gets into the board's flash; without a kind it does not. docs/flashing.md has an example of each.

    chip_id: what the chip's ROM answers to GET ID, or what id_register holds. sectors: of the whole flash in ascending
    order, "4 x 16K", with origin as their first address (default: memory.flash_origin). write_bytes: what the flash
    programs at once. baud, parity ("even", "none"): of the ROM, not of the link. reset, boot: pins of the serial
    adapter that hold the chip in reset, and that choose its ROM, while they are asserted, or with "!" while they are
    not. family_id: of UF2. drive: the Board-ID in a UF2 drive's INFO_UF2.TXT. target, pack: pyOCD's name of the chip,
    and the CMSIS pack it is in. id_register: an address whose word, masked with id_mask, a probe must find to be
    chip_id.
    """

    kind: str | None = None
    chip_id: int | None = None
    sectors: tuple[str, ...] = ()
    origin: int | None = None
    write_bytes: int = 4
    baud: int = 115200
    parity: str = "even"
    reset: str | None = None
    boot: str | None = None
    family_id: int | None = None
    drive: str | None = None
    target: str | None = None
    pack: str | None = None
    frequency_hz: int | None = None
    id_register: int | None = None
    id_mask: int | None = None


NOT_FLASHED = FlashFacts()


def check(where: str, kind: str, flash: FlashFacts, origin: int | None) -> None:
    """Raises BoardError where a key is missing, means nothing or is out of range. origin: of the flash, if known."""
    _check_keys(where, kind, flash)
    if origin is None:
        raise BoardError(where, "has [flash] but no [memory]", "Add the memory's addresses")
    _check_values(where, flash)
    sectors.parse(where, flash.origin if flash.origin is not None else origin, flash.sectors)


def _check_keys(where: str, kind: str, flash: FlashFacts) -> None:
    if kind not in KINDS:
        raise BoardError(where, f"flash.kind {kind!r} is unknown", nearest(kind, KINDS))
    needed, possible = KINDS[kind]
    for field in dataclasses.fields(flash):
        given = getattr(flash, field.name) != field.default
        if field.name in needed and not given:
            raise BoardError(where, f"flash.kind {kind!r} without flash.{field.name}", "Add it")
        if given and field.name not in ("kind", *needed, *possible):
            problem = f"flash.{field.name} means nothing to flash.kind {kind!r}"
            raise BoardError(where, problem, f"Keys of that kind: {', '.join((*needed, *possible)) or 'none'}")


def _check_values(where: str, flash: FlashFacts) -> None:
    if flash.parity not in PARITIES:
        raise BoardError(where, f"flash.parity {flash.parity!r} is unknown", nearest(flash.parity, PARITIES))
    for name, pin in (("reset", flash.reset), ("boot", flash.boot)):
        if pin is not None and pin not in PINS:
            raise BoardError(where, f"flash.{name} {pin!r} is no pin", f"One of {', '.join(PINS)}")
    if (flash.kind == "probe") and (flash.id_register is None) != (flash.chip_id is None):
        raise BoardError(where, "flash.id_register and flash.chip_id go together", "Add the other one")
    if flash.write_bytes not in WRITE_BYTES:
        problem = f"flash.write_bytes {flash.write_bytes} is none of {', '.join(map(str, WRITE_BYTES))}"
        raise BoardError(where, problem, "See the chip's reference manual")
