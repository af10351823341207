"""A copy of the tree, a fault planted in it, and what the tests there say."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutants.fault import Fault

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 900


class StaleError(Exception):
    """A fault that no longer fits the source: its text occurs elsewhere, twice, or nowhere."""


def copy_tree(folder: Path) -> None:
    """Everything that git tracks or would track, as it lies in the checkout now."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source = ROOT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)


@contextlib.contextmanager
def planted(folder: Path, fault: Fault) -> Iterator[None]:
    """The fault while the block runs. Raises StaleError."""
    path = folder / fault.file
    text = path.read_text() if path.is_file() else ""
    if text.count(fault.old) != 1:
        raise StaleError(f"{fault.file}: {fault.old!r} occurs {text.count(fault.old)} times, not once")
    path.write_text(text.replace(fault.old, fault.new))
    try:
        yield
    finally:
        path.write_text(text)


def failing_test(folder: Path, tests: Sequence[str]) -> str | None:
    """The first test that fails in the copy, or None where all pass. Raises RuntimeError where they cannot run."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return "the tests no longer end"
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if done.returncode not in (1, 2) or not found:
        raise RuntimeError(f"pytest could not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found.group(1)


def environment(folder: Path) -> dict[str, str]:
    """The copy comes first on every Python's path; byte code is not kept, because its stamps have whole seconds."""
    lava = ROOT / ".venv-lava" / "bin" / "python"
    second = os.environ.get("EDGESNN_LAVA_PYTHON") or (str(lava) if lava.exists() else "")
    return os.environ | {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_PROFILE": "unshrunk",
        **({"EDGESNN_LAVA_PYTHON": second} if second else {}),
    }
