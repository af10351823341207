"""Building our second-stage loader for a board: its own small program, flashed once by other means."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from edgesnn.targets.mcu import sources, toolchain
from edgesnn.targets.mcu.facts import BoardFacts

PROGRAM = "loader.elf"


def build(facts: BoardFacts, folder: Path) -> Path:
    """The program, in an empty folder. Raises ToolError where the compiler is missing or fails."""
    flash, memory = facts.flash, facts.memory
    assert memory is not None and flash.loader_origin is not None and flash.loader_bytes is not None
    assert flash.slot_a is not None and flash.slot_b is not None and flash.slot_bytes is not None
    constants = {
        "SLOT_A": flash.slot_a, "SLOT_B": flash.slot_b, "SLOT_BYTES": flash.slot_bytes, "RUN": memory.flash_origin,
        "RUN_BYTES": memory.flash_bytes, "WINDOW_MS": flash.window_ms,
    }  # fmt: skip
    own = dataclasses.replace(memory, flash_origin=flash.loader_origin, flash_bytes=flash.loader_bytes)
    loader = dataclasses.replace(facts, memory=own)
    sources.lay_out_loader(folder, constants, loader)
    toolchain.compile_folder(folder, PROGRAM, loader)
    return folder / PROGRAM
