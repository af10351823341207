"""Building a network that learns for a board, and what it takes of the board's memories."""

from __future__ import annotations

from pathlib import Path

from edgesnn.errors import UnsupportedModelError
from edgesnn.files import filling
from edgesnn.integer.learning import Pupil
from edgesnn.targets.mcu import codegen, elf, sources, toolchain
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.taught import Room

CODE_BYTES = 24 * 1024
"""More than the code of learning, link and port take."""
LINK_BYTES = 1024
"""Of RAM: less than the link and the least stack take."""


def build(pupil: Pupil, facts: BoardFacts, board: str, folder: Path) -> Path:
    """Sources and program in `folder`, whose files appear once all are there; an earlier build is replaced.

    Raises UnsupportedModelError where the board cannot hold the network.
    """
    check(pupil, facts, board)
    folder = Path(folder).absolute()
    with filling(folder) as part:
        codegen.write_files(codegen.learner_files(pupil), part / sources.MODEL)
        bundle = sources.Bundle(pupil.name, 0, 1, streaming=False, learns=True)
        sources.lay_out(part, bundle, facts, sources.firmware_name())
        program = f"{pupil.name}.elf"
        toolchain.compile_folder(part, program, facts)
        sources.clear(folder)
    return folder / program


def check(pupil: Pupil, facts: BoardFacts, board: str) -> None:
    """Raises UnsupportedModelError for what surely does not fit; linking finds out the rest."""
    if facts.memory is None:
        return
    wanted = {
        "RAM": (codegen.learner_ram_bytes(pupil) + pupil.inputs + LINK_BYTES, facts.memory.ram_bytes),
        "flash": (sum(layer.weight.size for layer in pupil.layers) + CODE_BYTES, facts.memory.flash_bytes),
    }
    for memory, (needed, available) in wanted.items():
        if needed > available:
            raise UnsupportedModelError(
                pupil.name,
                f"needs at least {needed:,} bytes of {memory} to learn, {needed - available:,} more than {board} has",
                "Use fewer neurons, lower `events`, or round stochastically, which needs no master weights",
            )


def room(pupil: Pupil, facts: BoardFacts, program: Path) -> Room:
    """Memory of the linked program."""
    needed = codegen.learner_ram_bytes(pupil)
    if facts.memory is None:
        return Room(None, None, None, needed)
    image = elf.read(program, sources.c_files(program.parent))
    return Room(image.flash_bytes, image.ram_bytes, toolchain.stack_bytes(program, facts), needed)
