"""Board files: TOML with inheritance, checked against the schema in `facts`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import edgesnn.firmware
from edgesnn.errors import BoardError
from edgesnn.target import Board, nearest
from edgesnn.targets.mcu.facts import BoardFacts, PortFacts, check_keys, parse

FOLDER = Path(__file__).parent / "boards"
OWN_BOARDS = "EDGESNN_BOARDS"  # a folder with a user's own board files
PORTS = Path(edgesnn.firmware.__file__).parent / "ports"
MAX_PARENTS = 8
INHERITS, FLASH, KIND = "inherits", "flash", "kind"


def boards() -> dict[str, Board]:
    """All boards that run, here or at the end of a serial port, by name. Raises BoardError where a file is wrong."""
    found = {}
    for name, path in sorted(_files().items()):
        table = load(path, _files())
        if not _runnable(table):
            continue  # an abstract parent
        facts = parse(str(path), table)
        _check_port(str(path), facts.port)
        found[name] = Board(name, facts.description, facts.emulated, table)
    return found


def storing() -> list[str]:
    """Names of the boards that keep what a network has learned."""
    return [name for name, board in boards().items() if facts_of(board).store.driver is not None]


def facts_of(board: Board) -> BoardFacts:
    return parse(board.name, board.facts)


def own(name: str) -> BoardFacts:
    """A board of ours, whatever a user's own files say."""
    files = {path.stem: path for path in FOLDER.glob("*.toml")}
    return parse(name, load(files[name], files))


def load(path: Path, files: Mapping[str, Path], depth: int = 0) -> dict[str, Any]:
    """A file's table with its parents merged in: values override, lists append, another way of flashing replaces."""
    table = _read(path)
    parent = table.pop(INHERITS, None)
    check_keys(str(path), table)
    if parent is None:
        return table
    if not isinstance(parent, str) or parent not in files:
        raise BoardError(str(path), f"inherits {parent!r}, which is no board", nearest(str(parent), files))
    if depth == MAX_PARENTS:
        raise BoardError(str(path), f"has more than {MAX_PARENTS} parents", "Do not let boards inherit in a circle")
    return _merge(str(path), load(files[parent], files, depth + 1), table)


def _files() -> dict[str, Path]:
    own = os.environ.get(OWN_BOARDS)
    if own and not Path(own).is_dir():
        raise BoardError(own, f"{OWN_BOARDS} names no folder", "Name a folder with board files, or unset it")
    folders = [FOLDER, *([Path(own)] if own else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BoardError(str(path), f"cannot be read ({error})", "Correct the file") from error


def _merge(where: str, parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(parent)
    for key, value in child.items():
        if key == FLASH and KIND in value:
            merged[key] = value  # one way's keys mean nothing to another
        elif isinstance(value, Mapping):
            merged[key] = _merge(where, parent.get(key, {}), value)
        elif isinstance(value, list):
            merged[key] = [*parent.get(key, []), *value]
            repeated = {item for item in value if item in parent.get(key, [])}
            if repeated:
                raise BoardError(where, f"{key} repeats {sorted(repeated)[0]!r} of a parent", "Remove it")
        else:
            merged[key] = value
    return merged


def _check_port(where: str, port: PortFacts) -> None:
    known = [folder.name for folder in PORTS.iterdir() if folder.is_dir()]
    for key, name in (("name", port.name), *(("parts", part) for part in port.parts)):
        if name not in known:
            raise BoardError(where, f"port.{key} {name!r} is no folder of firmware/ports", nearest(name, known))
    owners: dict[str, str] = {}
    for folder in port.folders:
        for file in sorted(path.name for path in (PORTS / folder).iterdir()):
            if file in owners:
                problem = f"port.parts {owners[file]!r} and {folder!r} both have {file}"
                raise BoardError(where, problem, "Leave one of them out")
            owners[file] = folder


def _runnable(table: Mapping[str, Any]) -> bool:
    return KIND in table.get("run", {}) or KIND in table.get(FLASH, {})
