"""Compiling a laid-out folder with the board's compiler."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from edgesnn.targets.mcu import callgraph, sources, tools
from edgesnn.targets.mcu.facts import BoardFacts, Memory

ENTRY = "esnn_port_reset"
STACK_ALIGNMENT = 8


def compile_folder(folder: Path, program: str, facts: BoardFacts) -> None:
    """Compiles every source and links `folder / program`. Raises ToolError where the compiler is missing or fails."""
    compiler = tools.find(facts.compiler.command, facts.compiler.install)
    files = sources.c_files(folder)
    (folder / "Makefile").write_text(sources.makefile(program, files, facts), encoding="ascii")
    flags = sources.compile_flags(facts)

    def compile_one(source: Path) -> str:
        made = Path(sources.OBJECTS) / source.with_suffix(".o")
        (folder / made).parent.mkdir(parents=True, exist_ok=True)
        tools.run([compiler, *flags, "-c", source.as_posix(), "-o", made.as_posix()], folder)
        return made.as_posix()

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        objects = list(pool.map(compile_one, files))
    if facts.memory is not None:
        reserved = max(facts.memory.stack_bytes, stack_bytes(folder, facts.memory))
        (folder / "board.ld").write_text(sources.board_script(facts.memory, reserved), encoding="ascii")
    linking = [*flags, *facts.compiler.link_flags, *objects, *facts.compiler.libraries]
    tools.run([compiler, *linking, "-o", program], folder)


def stack_bytes(folder: Path, memory: Memory) -> int:
    """The worst case from the reset handler on, and an exception on top of it. Raises ToolError where it is unknown."""
    worst = callgraph.read(folder / sources.OBJECTS).worst_case(ENTRY) + memory.exception_bytes
    return -(-worst // STACK_ALIGNMENT) * STACK_ALIGNMENT
