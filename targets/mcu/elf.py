"""Sections and symbols of an ELF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import FileError

OBJECT, FUNCTION, FILE = "STT_OBJECT", "STT_FUNC", "STT_FILE"
ALLOCATED, WRITABLE = 2, 1


@dataclass(frozen=True)
class Section:
    """A section that takes memory. loaded: its bytes are in flash. writable: it is in RAM."""

    name: str
    bytes: int
    loaded: bool
    writable: bool


@dataclass(frozen=True)
class Symbol:
    """A function or object. file: position in the order of linking of the source it is local to; None for globals."""

    name: str
    bytes: int
    section: Section
    file: int | None
    code: bool


@dataclass(frozen=True)
class Program:
    """flash_bytes and ram_bytes are sums of whole sections; initialised data counts in both."""

    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...]

    @property
    def flash_bytes(self) -> int:
        return sum(section.bytes for section in self.sections if section.loaded)

    @property
    def ram_bytes(self) -> int:
        return sum(section.bytes for section in self.sections if section.writable)


def read(path: Path, sources: Sequence[Path]) -> Program:
    """Raises FileError where the file is no ELF file. sources: in the order in which they were linked."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        with path.open("rb") as file:
            elf = ELFFile(file)
            numbered = ((i, _section(raw)) for i, raw in enumerate(elf.iter_sections()))
            by_index = {i: section for i, section in numbered if section is not None}
            table = elf.get_section_by_name(".symtab")
            symbols = tuple(_symbols(table, by_index, [source.name for source in sources])) if table else ()
    except (OSError, ELFError) as error:
        raise FileError(str(path), f"is no ELF file that can be read ({error})", "Build the model again") from error
    return Program(tuple(by_index.values()), symbols)


def _section(raw: Any) -> Section | None:
    header = raw.header
    if not header["sh_flags"] & ALLOCATED or header["sh_size"] == 0:
        return None
    loaded = header["sh_type"] != "SHT_NOBITS"
    return Section(raw.name, header["sh_size"], loaded, bool(header["sh_flags"] & WRITABLE))


def _symbols(table: Any, sections: dict[int, Section], files: list[str]) -> list[Symbol]:
    """Local symbols follow their file's; files come in the order of linking, so equal names are told apart."""
    found: list[Symbol] = []
    seen: dict[int, Symbol] = {}
    current, next_file = None, 0
    for symbol in table.iter_symbols():
        kind, binding = symbol["st_info"]["type"], symbol["st_info"]["bind"]
        if kind == FILE:
            current = files.index(symbol.name, next_file) if symbol.name in files[next_file:] else None
            next_file = next_file if current is None else current + 1
            continue
        section = sections.get(symbol["st_shndx"]) if isinstance(symbol["st_shndx"], int) else None
        if section is None or kind not in (OBJECT, FUNCTION) or symbol["st_size"] == 0:
            continue
        if symbol["st_value"] in seen and seen[symbol["st_value"]].section is section:
            continue  # an alias
        file = current if binding == "STB_LOCAL" else None
        found.append(Symbol(symbol.name, symbol["st_size"], section, file, kind == FUNCTION))
        seen[symbol["st_value"]] = found[-1]
    return found
