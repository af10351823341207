"""Compiled objects, kept from one build to the next: compiling is most of a build, and kernels, link and port seldom
change.

An object is found by the contents of all that made it, so that one that is found is the one that would be made.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from edgesnn.errors import FileError
from edgesnn.files import replacing

MOST_BYTES = 64 << 20
"""When there is more, what has not been used for longest goes, until half of it is left."""
MADE = (".o", ".ci", ".su")
"""What compilers write: the object, gcc's call graph, stack usage."""
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def store() -> Path:
    """The folder of objects, in the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("edgesnn") / "objects"


def key(folder: Path, source: Path, searched: Sequence[Path], words: Sequence[str], compiler: Path) -> str:
    """Names what `words` (compiler and arguments) make of a source.

    folder, searched: where the compiler runs, and the folders below it where headers are found.
    compiler: a file that changes with the compiler, to which headers found nowhere here belong.
    """
    found = compiler.stat()
    digest = hashlib.sha256(repr((tuple(words), str(compiler), found.st_size, found.st_mtime_ns)).encode())
    for path in _read(folder, source, searched):
        content = (folder / path).read_bytes()
        digest.update(f"{path.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(folder: Path, source: Path, searched: Sequence[Path]) -> Iterator[Path]:
    """The source and all that it may include, each once."""
    seen, left = {source}, [source]
    while left:
        path = left.pop()
        yield path
        for name in INCLUDE.findall((folder / path).read_text(encoding="utf-8")):
            places = [Path(os.path.normpath(place / name)) for place in (path.parent, *searched)]
            first = next((place for place in places if (folder / place).is_file()), None)
            if first is not None and first not in seen:
                seen.add(first)
                left.append(first)


def fetch(name: str, made: Path) -> bool:
    """Puts the object called `name`, and what was written beside it, at `made`; whether there was one."""
    path = store() / f"{name}.zip"
    try:
        with zipfile.ZipFile(path) as kept:
            kept.extractall(made.parent)
        os.utime(path)
    except (OSError, zipfile.BadZipFile):
        return False
    return True


def keep(name: str, made: Path) -> None:
    """Keeps the object at `made` and what was written beside it. A store that cannot be written is no fault."""
    with (
        contextlib.suppress(OSError, FileError),
        replacing(store() / f"{name}.zip") as part,
        zipfile.ZipFile(part, "w") as kept,
    ):
        for path in map(made.with_suffix, MADE):
            if path.is_file():
                kept.write(path, path.name)


def trim(most_bytes: int = MOST_BYTES) -> None:
    """Removes what has not been used for longest where there is more than `most_bytes`."""
    with contextlib.suppress(OSError):
        found = sorted((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(store()))
        excess = sum(size for _, size, _ in found) - most_bytes
        if excess <= 0:
            return
        excess += most_bytes // 2
        for _, size, path in found:
            if excess <= 0:
                return
            os.unlink(path)
            excess -= size
