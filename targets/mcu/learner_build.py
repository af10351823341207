"""Building a network that learns for a board, and what it takes of the board's memories."""

from __future__ import annotations

import functools
from pathlib import Path

from edgesnn.errors import TargetError, UnsupportedModelError
from edgesnn.files import filling
from edgesnn.integer.learning import Pupil
from edgesnn.targets.mcu import boards, codegen, elf, fit, sources, toolchain
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.taught import Room

CODE_BYTES = 24 * 1024
WORK_BYTES = 16 * 1024
"""More than code, and RAM of link, port and stack, take."""
SLOT_HEADER_BYTES = 32
"""As firmware/loader/slots.h has it."""


def build(pupil: Pupil, facts: BoardFacts, board: str, folder: Path, stores: bool = False) -> Path:
    """Sources and program in `folder`, whose files appear once all are there; an earlier build is replaced.

    stores: it keeps what it has learned in flash. Raises UnsupportedModelError where the board cannot hold the network,
    TargetError where it has no flash to store in.
    """
    if stores:
        check_store(pupil, facts, board)
    check(pupil, facts, board, stores)
    folder = Path(folder).absolute()
    with filling(folder) as part:
        program = _build(pupil, stores, facts, part)
        sources.clear(folder)
    return folder / program.name


def _build(pupil: Pupil, stores: bool, facts: BoardFacts, folder: Path) -> Path:
    """Sources and program in an empty folder."""
    codegen.write_files(codegen.learner_files(pupil), folder / sources.MODEL)
    bundle = sources.Bundle(pupil.name, 0, 1, streaming=False, learns=True, stores=stores)
    sources.lay_out(folder, bundle, facts, sources.firmware_name())
    program = f"{pupil.name}.elf"
    toolchain.compile_folder(folder, program, facts)
    return folder / program


def check(pupil: Pupil, facts: BoardFacts, board: str, stores: bool = False) -> None:
    """Raises UnsupportedModelError for what does not fit; what may or may not is built to find out."""
    memory = facts.memory
    if memory is None:
        return
    flash, ram = sum(layer.weight.size for layer in pupil.layers), codegen.learner_ram_bytes(pupil)
    least = "at least "
    near = flash + CODE_BYTES > memory.flash_bytes or ram + WORK_BYTES > memory.ram_bytes
    if near and flash <= memory.flash_bytes and ram <= memory.ram_bytes:
        flash, ram = fit.measured(facts, memory, functools.partial(_build, pupil, stores))
        least = ""
    for name, needed, available in (("flash", flash, memory.flash_bytes), ("RAM", ram, memory.ram_bytes)):
        if needed > available:
            raise UnsupportedModelError(
                pupil.name,
                f"needs {least}{needed:,} bytes of {name} to learn, {needed - available:,} more than {board} has",
                "Use fewer neurons, lower `events`, or round stochastically, which needs no master weights",
            )


def check_store(pupil: Pupil, facts: BoardFacts, board: str) -> None:
    """Raises TargetError where the board has no flash to store in, UnsupportedModelError where it is too small."""
    if facts.store.driver is None:
        raise TargetError(
            board,
            "has no flash driver, so what is learned cannot be stored there",
            f"Keep it on this computer with --save FILE, or learn on one of: {', '.join(boards.storing())}",
        )
    needed, room = codegen.stored_bytes(pupil), facts.store.slot_bytes - SLOT_HEADER_BYTES
    if needed > room:
        raise UnsupportedModelError(
            pupil.name,
            f"has {needed:,} bytes to store, {needed - room:,} more than a slot of {board} holds",
            "Use fewer neurons, or round stochastically, which needs no master weights",
        )


def room(pupil: Pupil, facts: BoardFacts, program: Path) -> Room:
    """Memory of the linked program."""
    needed = codegen.learner_ram_bytes(pupil)
    if facts.memory is None:
        return Room(None, None, None, needed)
    image = elf.read(program, sources.c_files(program.parent))
    return Room(image.flash_bytes, image.ram_bytes, toolchain.stack_bytes(program, facts), needed)
