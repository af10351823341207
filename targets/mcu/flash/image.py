"""What flash must hold for a program to run: bytes at addresses, read from an ELF file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import FileError

ERASED = 0xFF
ALLOCATED = 2


@dataclass(frozen=True)
class Segment:
    """Bytes from an address on."""

    address: int
    data: bytes

    @property
    def end(self) -> int:
        return self.address + len(self.data)


@dataclass(frozen=True)
class Image:
    """Segments by ascending address that neither overlap nor touch; the vector table is where the first one begins."""

    segments: tuple[Segment, ...]

    @property
    def origin(self) -> int:
        return self.segments[0].address

    @property
    def end(self) -> int:
        return self.segments[-1].end

    @property
    def size(self) -> int:
        """Bytes in all segments."""
        return sum(len(segment.data) for segment in self.segments)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return tuple((segment.address, segment.end) for segment in self.segments)

    def blocks(self, size: int) -> Iterator[Segment]:
        """The image in pieces that do not cross multiples of `size`, by ascending address."""
        for segment in self.segments:
            address = segment.address
            while address < segment.end:
                end = min(segment.end, address // size * size + size)
                yield Segment(address, segment.data[address - segment.address : end - segment.address])
                address = end

    def flat(self) -> bytes:
        """All of it from origin to end, as erased flash where nothing is said."""
        memory = bytearray([ERASED]) * (self.end - self.origin)
        for segment in self.segments:
            memory[segment.address - self.origin : segment.end - self.origin] = segment.data
        return bytes(memory)


def aligned(segments: Sequence[Segment], size: int) -> Image:
    """An image whose segments begin and end at multiples of `size`, filled up as erased flash.

    The segments must not overlap.
    """
    cells: dict[int, bytearray] = {}
    for segment in segments:
        for offset, byte in enumerate(segment.data, segment.address):
            cells.setdefault(offset // size, bytearray([ERASED]) * size)[offset % size] = byte
    return Image(tuple(_joined([Segment(number * size, bytes(cell)) for number, cell in sorted(cells.items())])))


def read(path: Path, size: int = 4) -> Image:
    """The image of an ELF file, aligned to `size`. Raises FileError where it is none or holds nothing to load.

    Sections tell, not segments: the linker may put the file's own headers into a segment, where there is room for them.
    """
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        with path.open("rb") as file:
            elf = ELFFile(file)
            loads = [segment for segment in elf.iter_segments() if segment["p_type"] == "PT_LOAD"]
            found = [_section(section, loads) for section in elf.iter_sections() if _is_loaded(section)]
    except (OSError, ELFError) as error:
        raise FileError(str(path), f"is no ELF file that can be read ({error})", "Build the model again") from error
    found.sort(key=lambda segment: segment.address)
    if not found:
        raise FileError(str(path), "holds nothing that could be written to flash", "Build the model again")
    for before, after in itertools.pairwise(found):
        if after.address < before.end:
            raise FileError(str(path), f"has two sections at {after.address:#010x}", "Correct the linker script")
    return aligned(found, size)


def _is_loaded(section: Any) -> bool:
    header = section.header
    return bool(header["sh_flags"] & ALLOCATED and header["sh_size"] and header["sh_type"] != "SHT_NOBITS")


def _section(section: Any, loads: list[Any]) -> Segment:
    """A section where it is loaded, which for initialised data is not where it runs."""
    home = next((load for load in loads if load.section_in_segment(section)), None)
    moved = home["p_paddr"] - home["p_vaddr"] if home is not None else 0
    return Segment(section["sh_addr"] + moved, section.data())


def _joined(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Segments that touch as one."""
    parts: list[Segment] = []
    for segment in segments:
        if parts and parts[-1].end != segment.address:
            yield Segment(parts[0].address, b"".join(part.data for part in parts))
            parts = []
        parts.append(segment)
    if parts:
        yield Segment(parts[0].address, b"".join(part.data for part in parts))
