"""Tables that a user wrote, as TOML or JSON."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from edgesnn.errors import ConfigError, FileError
from edgesnn.target import nearest

MAX_BYTES = 4 << 20

T = TypeVar("T")


def read_tables(path: Path) -> dict[str, Any]:
    """What a .json file, or else a TOML file, says. Raises FileError where it cannot be read or is no table."""
    try:
        with open(path, "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        text = raw.decode("utf-8")
        tables = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:  # the decoders' errors are ValueErrors
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise FileError(str(path), f"is no readable {kind} ({error})", "Correct the file") from None
    if not isinstance(tables, dict):
        raise FileError(str(path), "is no table", "Correct the file")
    return tables


def record_of(kind: type[T], table: Mapping[str, Any], where: str) -> T:
    """The dataclass of a table. Raises ConfigError naming an unknown key and the nearest one, or what is missing."""
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise ConfigError(where, f"unknown key {key!r:.80}", nearest(str(key), known))
    try:
        return kind(**table)
    except TypeError as error:
        raise ConfigError(where, f"cannot be read ({error})", "Correct it") from None
