"""Counting the instructions that a processor carries out: those of each basic block, whenever it is entered.

When the firmware reads the count in the middle of a block, that block counts as a whole. As it is read at one place and
started at another, each count has the same few too many, which the firmware measures and the host subtracts.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

from unicorn import UC_HOOK_BLOCK, Uc
from unicorn.unicorn_py3 import unicorn as binding

from .cmsdk import Counter
from .machine import Flash


class _Count(ctypes.Structure):
    """struct count of counting.c."""

    _fields_ = (("code", ctypes.c_void_p), ("origin", ctypes.c_uint64), ("instructions", ctypes.c_uint64))


class InC:
    """By counting.c as a library, which unicorn calls without Python in between."""

    def __init__(self, engine: Uc, flash: Flash, library: Path) -> None:
        self._code = ctypes.create_string_buffer(flash.content, len(flash.content))
        self._count = _Count(ctypes.addressof(self._code), flash.origin, 0)
        self._library = ctypes.CDLL(str(library))
        hook, handle = self._library.esnn_count_block, ctypes.c_size_t()
        status = binding.uclib.uc_hook_add(
            engine._uch, ctypes.byref(handle), UC_HOOK_BLOCK, hook, ctypes.byref(self._count),
            flash.origin, flash.origin + len(flash.content) - 1,
        )  # fmt: skip
        if status != 0:
            raise OSError(f"unicorn takes no counter ({binding.uclib.uc_strerror(status).decode()})")

    @property
    def instructions(self) -> int:
        return int(self._count.instructions)


class InPython:
    """The same."""

    def __init__(self, engine: Uc, flash: Flash) -> None:
        self._flash, self._known, self.instructions = flash, dict[tuple[int, int], int](), 0
        engine.hook_add(UC_HOOK_BLOCK, self._enter)

    def _enter(self, engine: Uc, address: int, size: int, data: Any) -> None:
        block = address, size
        if block not in self._known:
            self._known[block] = _instructions(self._flash.content, address - self._flash.origin, size)
        self.instructions += self._known[block]


def count(engine: Uc, flash: Flash, library: Path | None) -> Counter:
    """Counts from now on. Raises OSError where the library cannot be used."""
    return InPython(engine, flash) if library is None else InC(engine, flash, library)


def _instructions(code: bytes, start: int, size: int) -> int:
    """Thumb: a halfword from 0xe800 on is the first of two. ARMv7-M Architecture Reference Manual (DDI 0403), A5.1."""
    at, found = start, 0
    while at < start + size:
        at += 4 if code[at + 1] >= 0xE8 else 2
        found += 1
    return found
