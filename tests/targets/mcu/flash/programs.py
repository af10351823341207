"""Small programs as ELF files, made without a compiler."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from pathlib import Path

STACK_TOP = 0x2000_1000
EHDR, PHDR, SHDR = struct.Struct("<16sHHIIIIIHHHHHH"), struct.Struct("<8I"), struct.Struct("<10I")
NAMES = b"\0.part\0.names\0"


def bootable(origin: int, size: int, seed: int) -> bytes:
    """Random bytes with a vector table in front that a Cortex-M would start."""
    return struct.pack("<II", STACK_TOP, origin + 0x41) + random.Random(seed).randbytes(size - 8)


def elf(path: Path, parts: Sequence[tuple[int, int, bytes]]) -> Path:
    """An executable of sections (where it runs, where it is loaded, bytes), each in a segment of its own."""
    start = EHDR.size + PHDR.size * len(parts)
    offsets = [start + sum(len(data) for _, _, data in parts[:i]) for i in range(len(parts))]
    end = start + sum(len(data) for _, _, data in parts)
    ident = b"\x7fELF\x01\x01\x01".ljust(16, b"\0")
    head = EHDR.pack(
        ident, 2, 40, 1, parts[0][0], EHDR.size, end + len(NAMES), 0, EHDR.size, PHDR.size, len(parts), SHDR.size,
        len(parts) + 2, len(parts) + 1,
    )  # fmt: skip
    segments = [
        PHDR.pack(1, offset, runs, loaded, len(data), len(data), 5, 4)
        for (runs, loaded, data), offset in zip(parts, offsets, strict=True)
    ]
    sections = [
        SHDR.pack(1, 1, 2, runs, offset, len(data), 0, 0, 4, 0)
        for (runs, _, data), offset in zip(parts, offsets, strict=True)
    ]
    names = SHDR.pack(7, 3, 0, 0, end, len(NAMES), 0, 0, 1, 0)
    contents = b"".join(data for _, _, data in parts)
    path.write_bytes(b"".join([head, *segments, contents, NAMES, bytes(SHDR.size), *sections, names]))
    return path
