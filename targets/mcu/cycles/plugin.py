"""The emulator's plugin that counts blocks: compiled when it is first needed, and kept."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

from edgesnn.errors import ToolError
from edgesnn.files import replacing
from edgesnn.targets.mcu import tools
from edgesnn.targets.mcu.facts import BoardFacts

COMPILER, INSTALL = "cc", "sudo apt-get install gcc"
SOURCE = Path(__file__).with_name("blocks.c")
FLAGS = ("-shared", "-fPIC", "-O2", "-std=c99", "-D_POSIX_C_SOURCE=200809L", "-fvisibility=hidden")
VERSION = re.compile(r"version (\d+)\.")
FIRST_OF_TWO = 9
"""From QEMU 9.0 on version 2 of the plugin interface is the least, before it version 1 is enough; what the plugin uses
is the same in both. Read in the patches of QEMU's mailing list (February and March 2024); only 7.2 was run."""


def plugin(facts: BoardFacts) -> Path:
    """The plugin for the board's emulator, made by this computer's own compiler.

    Raises ToolError where the emulator takes no plugins, or where a program is missing or fails.
    """
    assert facts.run.command is not None
    interface = interface_of(tools.find(facts.run.command, facts.run.install or ""))
    return compiled(tools.find(COMPILER, INSTALL), interface)


@functools.cache
def interface_of(emulator: str) -> int:
    """Which version of the plugin interface to ask the emulator for. Raises ToolError where it takes no plugins."""
    if not re.search(r"^-plugin\b", tools.run([emulator, "--help"], Path.cwd()), re.MULTILINE):
        remedy = "Use a QEMU that was configured with --enable-plugins, as Debian's is"
        raise ToolError(emulator, "was built without plugins, which modelled cycles need", remedy)
    found = VERSION.search(tools.version(emulator))
    if found is None:
        raise ToolError(emulator, "does not tell its version", f"Check {emulator} --version")
    return 1 if int(found[1]) < FIRST_OF_TWO else 2


@functools.cache
def compiled(compiler: str, interface: int) -> Path:
    """The plugin in the user's cache folder; made there unless it is there already."""
    import platformdirs

    arguments = (*FLAGS, f"-DAPI_VERSION={interface}")
    recipe = repr((compiler, arguments, SOURCE.read_bytes())).encode()
    name = f"blocks-{hashlib.sha256(recipe).hexdigest()[:16]}.so"
    path = platformdirs.user_cache_path("edgesnn") / "qemu" / name
    if not path.is_file():
        with replacing(path) as part:
            tools.run([compiler, *arguments, str(SOURCE), "-o", str(part)], SOURCE.parent)
    return path
