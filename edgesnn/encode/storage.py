"""Front ends as JSON, and back. What is read is not trusted: exact keys and types, bounded sizes, then every rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from edgesnn.encode.adaptive import FixedAdaptiveEncoder
from edgesnn.encode.channels import ChannelFrontEnd
from edgesnn.encode.front_end import FrontEnd
from edgesnn.encode.speech import SpeechFrontEnd
from edgesnn.errors import DataError, FileError, ModelError
from edgesnn.integer import Model

KINDS: Mapping[str, type[FrontEnd]] = {kind.kind: kind for kind in (SpeechFrontEnd, ChannelFrontEnd)}
MAX_LIST = 1024
MAX_INTEGER = 1 << 31
REMEDY = "Save the model with edgesnn again"


def to_dict(front_end: FrontEnd) -> dict[str, Any]:
    """What `json.dumps` takes."""
    return {"kind": front_end.kind, **dataclasses.asdict(front_end)}


def from_dict(values: Mapping[str, Any], where: str = "front end") -> FrontEnd:
    """The front end of `to_dict`. Raises FileError where a key or type is wrong, ModelError where a value is."""
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise FileError(where, f"its front end is of kind {kind!r:.80}", f"Known: {', '.join(KINDS)}")
    rest = {key: value for key, value in values.items() if key != "kind"}
    fields = _fields(KINDS[kind], rest, where)
    try:
        fields["encoder"] = FixedAdaptiveEncoder(**_fields(FixedAdaptiveEncoder, rest["encoder"], where))
    except DataError as error:
        raise ModelError(f"{where}: front end", error.problem, error.remedy) from None
    return KINDS[kind](**fields)


def _fields(kind: type[Any], values: Any, where: str) -> dict[str, Any]:
    """Exactly the fields of a dataclass: integers and bounded lists of integers; others are left to the caller."""
    known = {field.name: str(field.type) for field in dataclasses.fields(kind)}
    if not isinstance(values, Mapping) or set(values) != set(known):
        found = sorted(values) if isinstance(values, Mapping) else values
        raise FileError(where, f"its front end has {found!r:.80} for the keys {', '.join(known)}", REMEDY)
    for name, annotation in known.items():
        value = values[name]
        if annotation == "int" and not _integer(value):
            raise FileError(where, f"its front end's {name} is {value!r:.80}, not an integer", REMEDY)
        if annotation.startswith("tuple") and not _integers(value):
            raise FileError(where, f"its front end's {name} is no short list of integers", REMEDY)
    return {name: tuple(value) if isinstance(value, (list, tuple)) else value for name, value in values.items()}


def _integer(value: Any) -> bool:
    return type(value) is int and -MAX_INTEGER <= value < MAX_INTEGER


def _integers(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) <= MAX_LIST and all(map(_integer, value))


def front_end_of(model: Model) -> FrontEnd | None:
    """The front end in a model's metadata; None where it has none.

    Raises FileError or ModelError where it is not one, or does not give what the model's input takes.
    """
    if not model.metadata.front_end:
        return None
    front_end = from_dict(model.metadata.front_end, model.name)
    gives = (front_end.channels,), front_end.steps, -1, 1
    takes = model.input.shape, model.time_steps, model.input_op.low, model.input_op.high
    if gives != takes or model.encoding.repeat:
        raise ModelError(
            model.name,
            f"its front end gives spikes (channels, steps, low, high) {gives}, its input takes {takes}",
            "Give the model a ternary input of that shape, one spike pattern a step",
        )
    return front_end
