"""What fills flash and RAM of a build, by layer and by part of the firmware. Rows sum to the ELF's sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesnn.targets.mcu import elf, sources
from edgesnn.targets.mcu.codegen import Layout

FLASH, RAM = "flash", "ram"
WEIGHTS, STATE, ARENA = "weights", "state", "arena"
MODEL_CODE, KERNELS, FRONT_END, LINK, PORT, RUNTIME, STACK, PADDING = (
    "model code", "kernels", "front end", "link", "port", "compiler runtime", "stack", "strings and alignment",
)  # fmt: skip
HEARS = ("esnn_speech", "esnn_channels", "esnn_steps", "esnn_tae", "esnn_fft", "esnn_power", "esnn_log2")
OWNERS = (
    *((name, FRONT_END) for name in HEARS),
    ("esnn_link_", LINK), ("esnn_port_", PORT), ("esnn_observe", LINK), ("esnn_", KERNELS),
)  # fmt: skip
PORT_FUNCTIONS = ("memcpy", "memmove", "memset", "memcmp")
CONSTANT = re.compile(r"k_(\w+)_[a-z0-9]+(?:\.\d+)?")


@dataclass(frozen=True)
class MemoryMap:
    """rows: (memory, what, bytes); weights: bytes of constants by node, as they are in flash."""

    flash_bytes: int
    ram_bytes: int
    rows: tuple[tuple[str, str, int], ...]
    weights: Mapping[str, int]

    def total(self, memory: str, *parts: str) -> int:
        """Bytes of the rows that are, or start with, one of the parts."""
        return sum(size for where, what, size in self.rows if where == memory and what.startswith(parts))


def read(program: Path, files: Sequence[Path], layout: Layout) -> MemoryMap:
    """The memory map of a linked program made of `files`. Raises FileError where it cannot be read."""
    image = elf.read(program, files)
    rows: Counter[tuple[str, str]] = Counter()
    for symbol in image.symbols:
        for memory in _memories(symbol.section):
            for what, size in _parts(symbol, files, layout):
                rows[memory, what] += size
    for section in image.sections:
        if section.name == ".stack":
            rows[RAM, STACK] += section.bytes
    rows[FLASH, PADDING] += image.flash_bytes - sum(n for (memory, _), n in rows.items() if memory == FLASH)
    rows[RAM, PADDING] += image.ram_bytes - sum(n for (memory, _), n in rows.items() if memory == RAM)
    weights = {node.name: rows[FLASH, f"{WEIGHTS} {node.name}"] for node in layout.nodes}
    kept = tuple((memory, what, size) for (memory, what), size in sorted(rows.items(), key=_order(layout)) if size)
    return MemoryMap(image.flash_bytes, image.ram_bytes, kept, weights)


def _memories(section: elf.Section) -> list[str]:
    return [FLASH] * section.loaded + [RAM] * section.writable


def _parts(symbol: elf.Symbol, files: Sequence[Path], layout: Layout) -> list[tuple[str, int]]:
    """What a symbol's bytes belong to; the model's states are one symbol and many parts."""
    folder = files[symbol.file].parts[0] if symbol.file is not None else ""
    own = symbol.file is not None and files[symbol.file].stem == layout.model and folder == sources.MODEL
    if own and symbol.name == "state":
        states = [(f"{STATE} {node.name}", node.state_bytes) for node in layout.nodes if node.state_bytes]
        return [*states, (PADDING, symbol.bytes - sum(size for _, size in states))]
    if own and symbol.name == "arena":
        return [(ARENA, symbol.bytes)]
    constant = CONSTANT.fullmatch(symbol.name) if own else None
    if constant is not None and constant[1] in layout.by_name:
        return [(f"{WEIGHTS} {constant[1]}", symbol.bytes)]
    if own:
        return [(MODEL_CODE, symbol.bytes)]
    if folder == sources.MODEL and files[symbol.file or 0].stem.startswith((f"{layout.model}_front_end", *HEARS)):
        return [(FRONT_END, symbol.bytes)]
    if folder:
        return [({sources.LINK: LINK, sources.PORT: PORT, sources.MODEL: KERNELS}[folder], symbol.bytes)]
    return [(_owner(symbol.name, layout.model), symbol.bytes)]


def _owner(name: str, model: str) -> str:
    """The part that a global symbol belongs to, by its prefix."""
    for prefix, owner in OWNERS:
        if name.startswith(prefix):
            return owner
    if name.startswith(f"{model}_"):
        return FRONT_END if name.startswith(f"{model}_hear") else MODEL_CODE
    return PORT if name in PORT_FUNCTIONS else RUNTIME


def _order(layout: Layout) -> Callable[[tuple[tuple[str, str], int]], tuple[str, int, int]]:
    """Sorting key of rows: memory, part, node in graph order."""
    parts = [WEIGHTS, STATE, ARENA, MODEL_CODE, KERNELS, FRONT_END, LINK, PORT, RUNTIME, STACK, PADDING]
    nodes = [node.name for node in layout.nodes]

    def key(row: tuple[tuple[str, str], int]) -> tuple[str, int, int]:
        (memory, what), _ = row
        if what in parts:
            return memory, parts.index(what), 0
        part, _, node = what.partition(" ")
        return memory, parts.index(part), nodes.index(node)

    return key
