"""Operators as ONNX local functions: signatures derived from the dataclasses, bodies written beside them."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import onnx

from edgesnn.integer.operator import Operator, fields_of
from edgesnn.integer.ops import OPERATORS

DOMAIN = "edgesnn"
VERSION = 1
"""Of the operator set and of the file format: both change together."""
OPSET = 21
IR_VERSION = 10
DATA_INPUTS = ("x", "z")


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives: `data`, then `states`, then `parameters`; y, then each state's successor.

    `attributes` maps a field's name to whether it holds several integers.
    """

    name: str
    data: tuple[str, ...]
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    attributes: Mapping[str, bool]

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.data + self.states + self.parameters

    @property
    def outputs(self) -> tuple[str, ...]:
        return ("y", *(f"{state}_next" for state in self.states))


@functools.cache
def signature(kind: type[Operator]) -> Signature:
    """Array fields are parameters, all others attributes; an Input reads the graph's input as x."""
    fields = dataclasses.fields(kind)
    return Signature(
        kind.__name__,
        DATA_INPUTS[: max(1, kind.arity)],
        kind.onnx_states,
        tuple(field.name for field in fields if field.type == "Array"),
        {field.name: str(field.type).startswith("tuple") for field in fields if field.type != "Array"},
    )


def function(kind: type[Operator]) -> onnx.FunctionProto:
    """The local function of an operator: the same for all its nodes."""
    form = signature(kind)
    attributes = f"<{', '.join(form.attributes)}>" if form.attributes else ""
    text = f"""
        <domain: "{DOMAIN}", opset_import: ["": {OPSET}]>
        {form.name} {attributes} ({", ".join(form.inputs)}) => ({", ".join(form.outputs)}) {{ {kind.onnx_body} }}
    """
    parsed = onnx.parser.parse_function(text)
    parsed.doc_string = (kind.__doc__ or "").split(">>>")[0].strip()
    return parsed


def functions(kinds: set[str]) -> list[onnx.FunctionProto]:
    """In the order of `OPERATORS`, so that equal models give equal files."""
    return [function(kind) for name, kind in OPERATORS.items() if name in kinds]


def attributes_of(op: Operator) -> dict[str, int | list[int]]:
    """Attributes as ONNX stores them: integers and lists of integers."""
    values = fields_of(op)
    return {name: _stored(values[name]) for name in signature(type(op)).attributes}


def _stored(value: Any) -> int | list[int]:
    if isinstance(value, tuple):
        return [int(item) for item in value]
    return int(value.value if isinstance(value, enum.Enum) else value)
