"""What a board file may say about flashing: the schema of its table [flash]."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.errors import BoardError
from edgesnn.link.line import PARITIES
from edgesnn.target import nearest
from edgesnn.targets.mcu import sectors

LOADER = "loader"
SLOT_ALIGNMENT = 1024  # of vector tables and sectors
PINS = ("dtr", "rts", "!dtr", "!rts")
WRITE_BYTES = (2, 4, 8, 16, 32)
# By kind of flashing: the keys of [flash] that it needs, and those it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "stm32-uart": (("chip_id", "sectors"), ("origin", "write_bytes", "baud", "parity", "reset", "boot")),
    "uf2": (("family_id",), ("drive",)),
    "probe": (("target",), ("pack", "frequency_hz", "id_register", "id_mask", "chip_id")),
    LOADER: (("loader_origin", "loader_bytes", "slot_a", "slot_b", "slot_bytes"), ("reset", "window_ms")),
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
    chip_id. loader_..., slot_...: where our second-stage loader and its two slots are; window_ms: how long it waits
    for a host after a reset.
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
    loader_origin: int | None = None
    loader_bytes: int | None = None
    slot_a: int | None = None
    slot_b: int | None = None
    slot_bytes: int | None = None
    window_ms: int = 500


NOT_FLASHED = FlashFacts()


def check(where: str, kind: str, flash: FlashFacts, span: tuple[int, int] | None) -> None:
    """Raises BoardError where a key is missing, means nothing or is out of range. span: address and bytes of flash."""
    _check_keys(where, kind, flash)
    if span is None:
        raise BoardError(where, "has [flash] but no [memory]", "Add the memory's addresses")
    _check_values(where, flash)
    if flash.kind == LOADER:
        _check_slots(where, flash, span)
    sectors.parse(where, flash.origin if flash.origin is not None else span[0], flash.sectors)


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


def _check_slots(where: str, flash: FlashFacts, span: tuple[int, int]) -> None:
    """The loader, its slots and the place where programs run must not overlap."""
    assert flash.loader_origin is not None and flash.loader_bytes is not None and flash.slot_bytes is not None
    assert flash.slot_a is not None and flash.slot_b is not None
    places = {
        "the loader": (flash.loader_origin, flash.loader_bytes),
        "memory": span,
        "slot_a": (flash.slot_a, flash.slot_bytes),
        "slot_b": (flash.slot_b, flash.slot_bytes),
    }
    ordered = sorted((start, start + size, name) for name, (start, size) in places.items())
    for (_, end, name), (start, _, other) in itertools.pairwise(ordered):
        if start < end:
            raise BoardError(where, f"in [flash], {name} and {other} overlap", "Correct the addresses")
    if any(start % SLOT_ALIGNMENT for start, _ in places.values()) or flash.slot_bytes % SLOT_ALIGNMENT:
        problem = f"in [flash], an address or size is no multiple of {SLOT_ALIGNMENT}"
        raise BoardError(where, problem, "Correct the addresses")


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
