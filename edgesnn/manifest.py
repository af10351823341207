"""Which files of a folder an earlier build made, so that the next one leaves nothing of it behind."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

NAME = ".edgesnn-build"
MAX_CHARACTERS = 1 << 20


def write(folder: Path, files: Sequence[str]) -> None:
    """Writes the list of files, relative to the folder."""
    (folder / NAME).write_text("".join(f"{name}\n" for name in files), encoding="utf-8")


def read(folder: Path) -> tuple[str, ...]:
    """Files an earlier build made in the folder; none where no list can be read. Names that lead out are left out."""
    try:
        with open(folder / NAME, encoding="utf-8") as file:
            names = file.read(MAX_CHARACTERS).splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    paths = [(name, PurePosixPath(name)) for name in names]
    return tuple(name for name, path in paths if name and not path.is_absolute() and ".." not in path.parts)


def remove(folder: Path, files: Sequence[str]) -> None:
    """Removes files, and folders that are empty then; what cannot be removed stays."""
    for name in files:
        path = folder / name
        with contextlib.suppress(OSError):
            path.unlink()
            for parent in path.relative_to(folder).parents[:-1]:
                (folder / parent).rmdir()
