"""Compiling a laid-out folder with the board's compiler."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from edgesnn.targets.mcu import callgraph, machine_calls, object_store, sources, tools
from edgesnn.targets.mcu.facts import BoardFacts, Memory

ENTRY = "esnn_port_reset"
STACK_ALIGNMENT = 8


def compile_folder(folder: Path, program: str, facts: BoardFacts) -> None:
    """Compiles every source and links `folder / program`. Raises ToolError where the compiler is missing or fails."""
    wanted = facts.compiler
    compiler = (*tools.find(wanted.command, wanted.install, wanted.module), *wanted.arguments)
    files = sources.c_files(folder)
    (folder / "Makefile").write_text(sources.makefile(program, files, facts), encoding="ascii")
    flags = sources.compile_flags(facts)
    behind = tools.file_of(compiler)

    def compile_one(source: Path) -> str:
        made = Path(sources.OBJECTS) / source.with_suffix(".o")
        (folder / made).parent.mkdir(parents=True, exist_ok=True)
        words = [*compiler, *flags, "-c", source.as_posix(), "-o", made.as_posix()]
        name = object_store.key(folder, source, sources.HEADER_FOLDERS, words, behind)
        if not object_store.fetch(name, folder / made):
            # debuggers look for sources in the folder that they are started in, wherever that was when it was compiled
            tools.run([*words, f"-fdebug-prefix-map={folder.resolve()}=."], folder)
            object_store.keep(name, folder / made)
        return made.as_posix()

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        objects = list(pool.map(compile_one, files))
    object_store.trim()
    linking = [*compiler, *flags, *wanted.link_flags, *objects, *wanted.libraries, "-o", program]
    if facts.memory is not None:
        if machine_calls.FLAG in flags:  # then the program itself tells, whose code does not depend on the stack's size
            _reserve(folder, facts.memory, 0)
            tools.run(linking, folder)
        _reserve(folder, facts.memory, max(facts.memory.stack_bytes, stack_bytes(folder / program, facts)))
    tools.run(linking, folder)


def _reserve(folder: Path, memory: Memory, stack_bytes: int) -> None:
    (folder / "board.ld").write_text(sources.board_script(memory, stack_bytes), encoding="ascii")


def stack_bytes(program: Path, facts: BoardFacts) -> int:
    """The worst case from the reset handler on, and an exception on top of it. Raises ToolError where it is unknown."""
    assert facts.memory is not None
    if machine_calls.FLAG in facts.compiler.flags:
        graph = machine_calls.read(program)
    else:
        graph = callgraph.read(program.parent / sources.OBJECTS)
    worst = graph.worst_case(ENTRY) + facts.memory.exception_bytes
    return -(-worst // STACK_ALIGNMENT) * STACK_ALIGNMENT
