"""Writing files so that partial output never replaces a good file: write beside it, then rename."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from edgesnn.errors import FileError


@contextlib.contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """A temporary path in the folder of `path`; it becomes `path` if the block succeeds and vanishes otherwise.

    The folder is created. Raises FileError where it cannot be written.

    >>> with replacing(folder / "a.bin") as part:    # doctest: +SKIP
    ...     part.write_bytes(data)
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def write_text(path: Path | str, text: str) -> None:
    """Writes UTF-8 text, all or nothing. Raises FileError."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path | str, data: bytes) -> None:
    """Writes bytes, all or nothing. Raises FileError."""
    with replacing(path) as part:
        part.write_bytes(data)


@contextlib.contextmanager
def filling(folder: Path | str) -> Iterator[Path]:
    """A temporary folder whose files move into `folder` if the block succeeds and vanish otherwise.

    Files of the same name are replaced, other files in `folder` stay. Raises FileError where it cannot be written.
    """
    folder = Path(folder).absolute()
    try:
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield part
        move_files(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        for parent in missing:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(part, ignore_errors=True)


def move_files(source: Path, folder: Path) -> None:
    """Moves every file below `source` to the same place below `folder`, replacing files there."""
    try:
        for file in sorted(path for path in source.rglob("*") if not path.is_dir()):
            place = folder / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, place)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(path: Path, error: OSError) -> FileError:
    return FileError(str(path), f"cannot be written ({error.strerror or error})", "Choose another place or free it")
