"""Counting the instructions that a processor carries out: those of each basic block, whenever it is entered."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path
from typing import Any, Protocol

from unicorn import UC_HOOK_BLOCK, Uc, arm_const
from unicorn.unicorn_py3 import unicorn as binding

from .machine import Flash


class Blocks(Protocol):
    """entered: instructions of all blocks entered so far. end: the address behind the last of these blocks."""

    @property
    def entered(self) -> int: ...

    @property
    def end(self) -> int: ...


class _Count(ctypes.Structure):
    """struct count of counting.c."""

    _fields_ = (
        ("code", ctypes.c_void_p), ("origin", ctypes.c_uint64), ("end", ctypes.c_uint64), ("entered", ctypes.c_uint64),
    )  # fmt: skip


class InC:
    """Blocks by counting.c as a library, which unicorn calls without Python in between."""

    def __init__(self, engine: Uc, flash: Flash, library: Path) -> None:
        self._code = ctypes.create_string_buffer(flash.content, len(flash.content))
        self._count = _Count(ctypes.addressof(self._code), flash.origin)
        self._library = ctypes.CDLL(str(library))
        hook, handle = self._library.esnn_count_block, ctypes.c_size_t()
        status = binding.uclib.uc_hook_add(
            engine._uch, ctypes.byref(handle), UC_HOOK_BLOCK, hook, ctypes.byref(self._count),
            flash.origin, flash.origin + len(flash.content) - 1,
        )  # fmt: skip
        if status != 0:
            raise OSError(f"unicorn takes no counter ({binding.uclib.uc_strerror(status).decode()})")

    @property
    def entered(self) -> int:
        return int(self._count.entered)

    @property
    def end(self) -> int:
        return int(self._count.end)


class InPython:
    """The same."""

    def __init__(self, engine: Uc, flash: Flash) -> None:
        self._flash, self._known = flash, dict[tuple[int, int], int]()
        self.entered = self.end = 0
        engine.hook_add(UC_HOOK_BLOCK, self._enter)

    def _enter(self, engine: Uc, address: int, size: int, data: Any) -> None:
        block = address, size
        if block not in self._known:
            self._known[block] = self._flash.instructions(address, address + size)
        self.entered += self._known[block]
        self.end = address + size


def _blocks(engine: Uc, flash: Flash, library: Path | None) -> Blocks:
    if library is not None:
        with contextlib.suppress(OSError, AttributeError):  # AttributeError: a unicorn that is bound in another way
            return InC(engine, flash, library)
    return InPython(engine, flash)


class Counter:
    """What is carried out before the instruction that asks, which has to be one that `Machine` knows the place of."""

    def __init__(self, engine: Uc, flash: Flash, library: Path | None) -> None:
        """library: counting.c; without one, or where it cannot be loaded, Python counts."""
        self._engine, self._flash = engine, flash
        self._blocks = _blocks(engine, flash, library)

    @property
    def instructions(self) -> int:
        at = int(self._engine.reg_read(arm_const.UC_ARM_REG_PC))
        return self._blocks.entered - self._flash.instructions(at, self._blocks.end)
