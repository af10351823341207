"""How the emulator of `emulator/cortex_m`, a program of its own, is started for a board."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from pathlib import Path

from edgesnn.errors import ToolError
from edgesnn.targets.mcu import needs, tools
from edgesnn.targets.mcu.facts import BoardFacts

FOLDER = Path(__file__).with_name("emulator")
PROGRAM = "cortex_m"
COUNTING = FOLDER / PROGRAM / "counting.c"
LIBRARY = "counting.dll" if os.name == "nt" else "counting.so"
COMPILED = ("cc", "-shared", "-nostdlib", "-O2", "-o")


def command(facts: BoardFacts, program: Path) -> list[str]:
    """Runs a program on the board. Raises ToolError where a Python package that it needs is missing."""
    for name in facts.packages:
        needs.package(name)
    memory, port = facts.memory, facts.port
    assert memory is not None
    words = [
        sys.executable, "-P", "-m", PROGRAM, str(program), "--processor", str(facts.run.machine),
        "--flash", str(memory.flash_origin), str(memory.flash_bytes),
        "--ram", str(memory.ram_origin), str(memory.ram_bytes), "--uart", str(port.uart), "--timer", str(port.timer),
    ]  # fmt: skip
    library = _counting_library()
    return words if library is None else [*words, "--counting", str(Path(library.name) / LIBRARY)]


def environment() -> dict[str, str]:
    """In which Python finds the emulator by its name."""
    paths = [str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@functools.cache
def _counting_library() -> tempfile.TemporaryDirectory[str] | None:
    """A folder with the emulator's counting.c as a library, for as long as this process lasts.

    None where it cannot be compiled: Python then counts the same, several times slower.
    """
    folder = tempfile.TemporaryDirectory(prefix="edgesnn-counting-", ignore_cleanup_errors=True)
    try:
        zig = tools.find("zig", needs.EXTRA, "ziglang")
        tools.run([*zig, *COMPILED, LIBRARY, str(COUNTING)], Path(folder.name))
    except ToolError:
        return None
    return folder
