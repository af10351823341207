"""Whether a model fits a board's memories, before it is built there."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from pathlib import Path

from edgesnn.target import Problem
from edgesnn.targets.mcu import elf
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.facts import BoardFacts, Memory

# More than kernels, link and port of any model take. A model between its data alone and its data with these is built
# to find out.
CODE_BYTES = 96 * 1024
WORK_BYTES = 16 * 1024
ROOM = 16  # times the memory, to measure what does not fit
LARGEST_SHOWN = 3


def problems(
    layout: Layout, buffers: int, facts: BoardFacts, build: Callable[[BoardFacts, Path], Path]
) -> list[Problem]:
    """What does not fit: nothing means that linking will succeed.

    Args:
        buffers: bytes of RAM that the link needs for this model's input and output.
        build: builds the model for changed facts in a folder and gives the program.
    """
    memory = facts.memory
    if memory is None:
        return []
    flash, ram, least = layout.weight_bytes, layout.ram_bytes + buffers, "at least "
    if flash <= memory.flash_bytes and ram <= memory.ram_bytes:
        if flash + CODE_BYTES <= memory.flash_bytes and ram + WORK_BYTES <= memory.ram_bytes:
            return []
        flash, ram, least = *_measured(facts, memory, build), ""
    return _too_big(layout, memory, flash, ram, least)


def _measured(facts: BoardFacts, memory: Memory, build: Callable[[BoardFacts, Path], Path]) -> tuple[int, int]:
    roomy = dataclasses.replace(memory, flash_bytes=ROOM * memory.flash_bytes, ram_bytes=ROOM * memory.ram_bytes)
    with tempfile.TemporaryDirectory() as folder:
        program = elf.read(build(dataclasses.replace(facts, memory=roomy), Path(folder)), [])
    return program.flash_bytes, program.ram_bytes


def _too_big(layout: Layout, memory: Memory, flash: int, ram: int, least: str) -> list[Problem]:
    found = []
    if flash > memory.flash_bytes:
        parts = {node.name: node.weight_bytes for node in layout.nodes}
        problem = _exceeds("flash", least, flash, memory.flash_bytes)
        remedy = f"Use fewer weight bits or smaller layers{_largest(parts)}, or a board with more flash"
        found.append(Problem(layout.model, "flash", problem, remedy))
    if ram > memory.ram_bytes:
        parts = {f"{node.name}'s state": node.state_bytes for node in layout.nodes}
        parts["the activations"] = layout.arena_bytes
        problem = _exceeds("RAM", least, ram, memory.ram_bytes)
        remedy = f"Use fewer state bits or smaller layers{_largest(parts)}, or a board with more RAM"
        found.append(Problem(layout.model, "ram", problem, remedy))
    return found


def _exceeds(memory: str, least: str, needed: int, available: int) -> str:
    return f"needs {least}{needed:,} bytes of {memory}, {needed - available:,} more than the board's {available:,}"


def _largest(parts: dict[str, int]) -> str:
    largest = sorted((item for item in parts.items() if item[1]), key=lambda item: -item[1])[:LARGEST_SHOWN]
    return f" (largest: {', '.join(f'{name} {size:,}' for name, size in largest)} bytes)" if largest else ""
