"""External programs: finding them, running them, and saying how to get them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from edgesnn.errors import ToolError

TIMEOUT_S = 600
MESSAGE_LINES = 12


def variable(command: str) -> str:
    """The environment variable that names another program for a command: EDGESNN_ARM_NONE_EABI_GCC."""
    return "EDGESNN_" + re.sub(r"\W", "_", command).upper()


def find(command: str, install: str, module: str | None = None) -> tuple[str, ...]:
    """The words that start a program: its path, or this Python and the module that is the program.

    Raises ToolError with the command that installs it.
    """
    named = os.environ.get(variable(command))
    if named is None and module is not None and importlib.util.find_spec(module) is not None:
        return sys.executable, "-m", module
    wanted = named or command
    path = shutil.which(wanted)
    if path is None:
        raise ToolError(
            wanted, "is not installed or not on the PATH", f"{install}, or name the program in {variable(command)}"
        )
    return (path,)


def file_of(words: Sequence[str]) -> Path:
    """The file that a program found by `find` is, or the first of the module."""
    if "-m" in words[1:2]:
        spec = importlib.util.find_spec(words[2])
        assert spec is not None and spec.origin is not None
        return Path(spec.origin)
    return Path(words[0]).resolve()


def run(arguments: Sequence[str], folder: Path) -> str:
    """What a program prints. Raises ToolError where it fails, with the end of what it said."""
    start = arguments[: 3 if "-m" in arguments[1:2] else 1]
    name = Path(start[-1]).name
    try:
        done = subprocess.run(
            arguments, cwd=folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False,
            env=os.environ | {"LC_ALL": "C"},
        )  # fmt: skip
    except OSError as error:
        raise ToolError(name, f"cannot be run ({error})", "Install it again") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(name, f"did not end within {TIMEOUT_S} s", "Try again on an idle machine") from error
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-MESSAGE_LINES:])
        raise ToolError(name, f"failed with exit code {done.returncode}:\n{said}", f"Check {' '.join(start)} --version")
    return done.stdout


def version(words: Sequence[str]) -> str:
    """First line of what a program says about its version."""
    lines = run([*words, "--version"], Path.cwd()).splitlines()
    return lines[0] if lines else words[0]
