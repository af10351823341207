"""Where a board's program keeps what it has learned: the schema of a board file's table [store]."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from edgesnn.errors import BoardError
from edgesnn.target import nearest

DRIVERS = ("ram", "file")
ALIGNMENT = 1024


@dataclass(frozen=True)
class StoreFacts:
    """Two slots in memory that keeps its contents while the program starts anew. Without a driver there are none.

    driver: a file in firmware/loader that implements its flash.h: "ram", plain memory, or "file", for a process.
    slot_a, slot_b: addresses; slot_bytes: of each. kept_bytes: how much memory, from slot_a on, the file stands for in
    which an emulator keeps them.
    """

    driver: str | None = None
    slot_a: int = 0
    slot_b: int = 0
    slot_bytes: int = 0
    kept_bytes: int = 0


NOT_STORED = StoreFacts()


def check(where: str, store: StoreFacts, used: dict[str, tuple[int, int]]) -> None:
    """Raises BoardError where a key is missing, or a slot lies where something else is. used: address and bytes by
    name."""
    given = [f.name for f in dataclasses.fields(store) if f.name != "driver" and getattr(store, f.name) != f.default]
    if store.driver is None:
        if given:
            raise BoardError(where, f"store.{given[0]} without store.driver", "Add it")
        return
    if store.driver not in DRIVERS:
        raise BoardError(where, f"store.driver {store.driver!r} is unknown", nearest(store.driver, DRIVERS))
    if store.slot_bytes <= 0 or any(value % ALIGNMENT for value in (store.slot_a, store.slot_b, store.slot_bytes)):
        raise BoardError(where, f"in [store], an address or size is no multiple of {ALIGNMENT}", "Correct it")
    if (
        store.slot_b + store.slot_bytes > store.slot_a + store.kept_bytes
        or store.slot_a + store.slot_bytes > store.slot_b
    ):
        raise BoardError(where, "in [store], slot_b is not behind slot_a within kept_bytes", "Correct the addresses")
    for name, (start, size) in used.items():
        if start < store.slot_b + store.slot_bytes and store.slot_a < start + size:
            raise BoardError(where, f"in [store], the slots overlap {name}", "Correct the addresses")
