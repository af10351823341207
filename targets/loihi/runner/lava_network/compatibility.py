"""lava-nc on newer Pythons. It uses dataclass instances as field defaults, which Python 3.11 wants hashable."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def hashable_lava_dataclasses() -> Iterator[None]:
    """While this lasts, dataclasses that lava defines get a hash. Nothing else about them changes."""
    original = dataclasses.dataclass

    def decorate(cls: Any, options: dict[str, Any]) -> Any:
        comparable = options.get("eq", True) and not options.get("frozen", False)
        if cls.__module__.startswith("lava.") and comparable and "__hash__" not in vars(cls):
            options = {**options, "unsafe_hash": True}
        return original(cls, **options)

    def dataclass(cls: Any = None, /, **options: Any) -> Any:
        return decorate(cls, options) if cls is not None else lambda later: decorate(later, options)

    dataclasses.dataclass = dataclass
    try:
        yield
    finally:
        dataclasses.dataclass = original
