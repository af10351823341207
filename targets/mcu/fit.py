"""Whether a model fits a board's memories, before it is built there."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edgesnn.integer import Model
from edgesnn.target import Problem
from edgesnn.targets.mcu import advice, elf
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.facts import BoardFacts, Memory

# More than kernels, link and port of any model take. A model between its data alone and its data with these is built
# to find out.
CODE_BYTES = 96 * 1024
WORK_BYTES = 16 * 1024
ROOM = 16  # times the memory, to measure what does not fit
LARGEST_SHOWN = 3


@dataclass(frozen=True)
class Candidate:
    """A model that may fit or not. buffers: bytes of RAM that the link needs for its input and output."""

    model: Model
    layout: Layout
    buffers: int

    @property
    def ram_bytes(self) -> int:
        return self.layout.ram_bytes + self.buffers

    def surely_fits(self, memory: Memory) -> bool:
        """Whether there is room for the code of any model besides."""
        flash, ram = self.layout.weight_bytes + CODE_BYTES, self.ram_bytes + WORK_BYTES
        return flash <= memory.flash_bytes and ram <= memory.ram_bytes


def problems(
    candidate: Candidate,
    board: str,
    known: Mapping[str, BoardFacts],
    build: Callable[[BoardFacts, Path], Path],
) -> list[Problem]:
    """What does not fit a board: nothing means that linking will succeed.

    Args:
        known: all boards, this one among them, by name.
        build: builds the model for changed facts in a folder and gives the program.
    """
    memory = known[board].memory
    if memory is None or candidate.surely_fits(memory):
        return []
    flash, ram, sure = candidate.layout.weight_bytes, candidate.ram_bytes, False
    if flash <= memory.flash_bytes and ram <= memory.ram_bytes:
        flash, ram, sure = *measured(known[board], memory, build), True
    elsewhere = advice.elsewhere(candidate.model.name, board, _roomy(candidate, known))
    return _too_big(candidate, memory, (flash, ram), sure, elsewhere)


def _roomy(candidate: Candidate, known: Mapping[str, BoardFacts]) -> list[str]:
    """Boards that surely have enough, those with the least RAM first."""
    memories = [(facts.memory, name) for name, facts in known.items() if facts.memory is not None]
    roomy = [(memory.ram_bytes, name) for memory, name in memories if candidate.surely_fits(memory)]
    return [name for _, name in sorted(roomy)]


def measured(facts: BoardFacts, memory: Memory, build: Callable[[BoardFacts, Path], Path]) -> tuple[int, int]:
    """Bytes of flash and RAM of a program that need not fit, built for the same board with more of both."""
    roomy = dataclasses.replace(memory, flash_bytes=ROOM * memory.flash_bytes, ram_bytes=ROOM * memory.ram_bytes)
    with tempfile.TemporaryDirectory() as folder:
        program = elf.read(build(dataclasses.replace(facts, memory=roomy), Path(folder)), [])
    return program.flash_bytes, program.ram_bytes


def _too_big(
    candidate: Candidate, memory: Memory, needed: tuple[int, int], sure: bool, elsewhere: str
) -> list[Problem]:
    model, layout = candidate.model, candidate.layout
    found = []
    for rule, name, need, available, changes, parts in (
        ("flash", "flash", needed[0], memory.flash_bytes, advice.flash_changes, _flash_parts(layout)),
        ("ram", "RAM", needed[1], memory.ram_bytes, advice.ram_changes, _ram_parts(layout)),
    ):
        if need > available:
            problem = _exceeds(name, "" if sure else "at least ", need, available)
            saving = advice.sentence(changes(model, layout), need - available, sure)
            saving = f"{saving[:1].upper()}{saving[1:]}. " if saving else ""
            found.append(Problem(model.name, rule, problem, f"{_largest(parts)}{saving}{elsewhere}"))
    return found


def _flash_parts(layout: Layout) -> dict[str, int]:
    return {node.name: node.weight_bytes for node in layout.nodes}


def _ram_parts(layout: Layout) -> dict[str, int]:
    return {f"{node.name}'s state": node.state_bytes for node in layout.nodes} | {"the activations": layout.arena_bytes}


def _exceeds(memory: str, least: str, needed: int, available: int) -> str:
    return f"needs {least}{needed:,} bytes of {memory}, {needed - available:,} more than the board's {available:,}"


def _largest(parts: dict[str, int]) -> str:
    largest = sorted((item for item in parts.items() if item[1]), key=lambda item: -item[1])[:LARGEST_SHOWN]
    return f"Largest: {', '.join(f'{name} {size:,}' for name, size in largest)} bytes. " if largest else ""
