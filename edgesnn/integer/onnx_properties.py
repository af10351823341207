"""What a model file says beside its graph: name, time steps, encoding and metadata, as JSON that is not trusted."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from edgesnn.errors import FileError
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.model import Encoding, Metadata, Model

MAX_JSON = 1 << 20
KINDS: Mapping[str, tuple[type, ...]] = {
    "int": (int,), "bool": (bool,), "float": (int, float), "str": (str,), "tuple[str, ...]": (list,),
    "Mapping[str, Any]": (dict,),
}  # fmt: skip
"""The JSON types of a field, by its annotation."""
ABSENT: Mapping[str, dict[str, Any]] = {"encoding": {"latency": 0, "faintest": 0}, "metadata": {"front_end": {}}}
"""What a file need not say."""


def write_properties(model: Model) -> str:
    """Everything about a model that is not its graph, as JSON; the same text for equal models."""
    metadata = dataclasses.asdict(model.metadata)
    if not metadata["front_end"]:
        del metadata["front_end"]  # the file of a model without one says nothing of it
    properties = {
        "name": model.name,
        "time_steps": model.time_steps,
        "streaming": model.streaming,
        "encoding": model.encoding.as_dict(),
        "metadata": metadata,
    }
    if model.learning:
        properties["learning"] = dataclasses.asdict(model.learning)
    return json.dumps(properties, sort_keys=True, allow_nan=False, default=_plain)


def _plain(value: object) -> Any:
    """NumPy's numbers, which those who compute time steps or units may well have given, as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON")


def read_properties(source: str, text: str) -> dict[str, Any]:
    """Arguments of `Model` except its nodes. Raises FileError, or ModelError where a value means nothing."""
    found = _object(source, text)
    learning = found.pop("learning", None)
    kinds = {"name": "str", "time_steps": "int", "streaming": "bool"}
    values = _checked(source, "", found, kinds | {"encoding": "Mapping[str, Any]", "metadata": "Mapping[str, Any]"})
    for name, kind in (("encoding", Encoding), ("metadata", Metadata)):
        annotations = {field.name: str(field.type) for field in dataclasses.fields(kind)}
        values[name] = ABSENT[name] | values[name]
        values[name] = kind(**_checked(source, f"{name}.", values[name], annotations))
    return values | {"learning": None if learning is None else _learning(source, learning)}


def _learning(source: str, found: Any) -> Learning:
    if not isinstance(found, dict):
        raise FileError(source, f"its property learning is {found!r:.80}, not an object", "Correct it")
    return Learning(**_checked(source, "learning.", found, {f.name: str(f.type) for f in dataclasses.fields(Learning)}))


def _object(source: str, text: str) -> dict[str, Any]:
    remedy = "Save the model with edgesnn again"
    if len(text) > MAX_JSON:
        raise FileError(source, f"its properties take {len(text)} characters, more than {MAX_JSON}", remedy)
    try:
        found = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        json.dumps(found, ensure_ascii=False).encode()  # refuses half characters, which no file could hold again
    except (ValueError, RecursionError) as error:
        raise FileError(source, f"its properties are not JSON ({error!s:.80})", remedy) from None
    if not isinstance(found, dict):
        raise FileError(source, "its properties are not a JSON object", remedy)
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _checked(source: str, prefix: str, found: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Exactly the keys of `kinds`, each of its type."""
    for key in found:
        if key not in kinds:
            raise FileError(source, f"its property {prefix + key!r:.80} is unknown", f"Known: {', '.join(kinds)}")
    for key, kind in kinds.items():
        if key not in found:
            raise FileError(source, f"its property {prefix}{key} is missing", "Save the model with edgesnn again")
        if not _fits(found[key], kind):
            raise FileError(source, f"its property {prefix}{key} is {found[key]!r:.80}, not {kind}", "Correct it")
    return {key: tuple(value) if kinds[key].startswith("tuple") else value for key, value in found.items()}


def _fits(value: Any, kind: str) -> bool:
    if not isinstance(value, KINDS[kind]):
        return False
    if isinstance(value, bool):
        return kind == "bool"
    if kind == "float":
        return isinstance(value, int | float) and math.isfinite(value)
    return not isinstance(value, list) or all(isinstance(item, str) for item in value)
