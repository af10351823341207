"""Frozen dataclasses to JSON and back. Reading treats the file as untrusted: every type is checked."""

from __future__ import annotations

import dataclasses
import enum
import json
import math
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from edgesnn.errors import FileError

T = TypeVar("T")
UNSAVED = {"json": False}
"""Metadata of a field that stays out of JSON."""


def to_json(value: Any) -> Any:
    """What `json.dumps` takes: records become objects, tuples and arrays lists, paths text, NaN and infinity null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = [field.name for field in dataclasses.fields(value) if field.metadata.get("json", True)]
        return {name: to_json(getattr(value, name)) for name in kept}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return to_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)) and not isinstance(value, enum.Enum):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (str, Path)):
        return str(value)
    if value is None:
        return None
    raise TypeError(f"{type(value).__name__} has no JSON form")


def json_text(record: Any) -> str:
    """A record as indented JSON, lists of integers on one line."""
    text = json.dumps(to_json(record), indent=1, allow_nan=False)
    # a line break is never part of a text in JSON, so that only lists match
    return re.sub(r"\[\n[-\d\s,]+\]", lambda found: "[" + " ".join(found[0][1:-1].split()) + "]", text) + "\n"


def from_json(kind: type[T], data: Any, where: str) -> T:
    """A record of that kind. `where` names the file in errors. Raises FileError on anything missing or mistyped."""
    result = _read(kind, data, where, "")
    return typing.cast(T, result)


def _read(kind: Any, data: Any, where: str, key: str) -> Any:
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        return _read_optional(kind, data, where, key)
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, data, where, key)
    if origin is tuple:
        return _read_tuple(kind, data, where, key)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if kind is Path and isinstance(data, str):
        return Path(data)
    if type(data) is not kind:
        raise _wrong(where, key, data)
    return data


def _read_optional(kind: Any, data: Any, where: str, key: str) -> Any:
    (inner,) = [argument for argument in typing.get_args(kind) if argument is not type(None)]
    return None if data is None else _read(inner, data, where, key)


def _read_tuple(kind: Any, data: Any, where: str, key: str) -> Any:
    arguments = typing.get_args(kind)
    if not isinstance(data, list):
        raise _wrong(where, key, data)
    if arguments[-1] is Ellipsis:
        return tuple(_read(arguments[0], item, where, f"{key}[{i}]") for i, item in enumerate(data))
    if len(data) != len(arguments):
        raise _wrong(where, key, data)
    return tuple(
        _read(argument, item, where, f"{key}[{i}]")
        for i, (argument, item) in enumerate(zip(arguments, data, strict=True))
    )


def _read_record(kind: Any, data: Any, where: str, key: str) -> Any:
    if not isinstance(data, dict):
        raise _wrong(where, key, data)
    hints = typing.get_type_hints(kind)
    values = {}
    for field in dataclasses.fields(kind):
        if not field.metadata.get("json", True):
            continue
        path = f"{key}.{field.name}".lstrip(".")
        if field.name in data:
            values[field.name] = _read(hints[field.name], data[field.name], where, path)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise FileError(where, f"{path} is missing", "Write the file again with `edgesnn deploy`")
    return kind(**values)


def _wrong(where: str, key: str, data: Any) -> FileError:
    shown = repr(data) if len(repr(data)) < 40 else f"{repr(data)[:40]}..."
    return FileError(where, f"{key or 'the file'} is {shown}", "Write the file again with `edgesnn deploy`")
