"""The templates of a generated model, filled in."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from edgesnn.integer import Encoding, Model
from edgesnn.integer.ops import FirstSpike, Membrane, SpikeCount
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.builder import C_TYPES, Builder, State
from edgesnn.targets.mcu.codegen.keep import Kept
from edgesnn.targets.mcu.codegen.layout import Layout

if TYPE_CHECKING:
    from jinja2 import Environment

COMMENT_WIDTH = 100
OUTPUTS = {
    SpikeCount: "the number of spikes of each class so far",
    FirstSpike: "for each class the horizon minus the step of its first spike, 0 before it",
    Membrane: "the membrane potential of each class",
}


@functools.cache
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("edgesnn.targets.mcu.codegen", "templates")
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)


def render(
    builder: Builder, layout: Layout, states: Sequence[State], headers: Sequence[str], kept: Kept | None
) -> dict[str, str]:
    """The files that are printed for this model alone, by name. `states`: in the order of the struct."""
    model = builder.model
    values = _header_values(model) | {
        "model": model.name,
        "M": names.macro(model.name),
        "layout": layout,
        "headers": headers,
        "constants": builder.constants.items,
        "states": [_state(state) for state in states],
        "pointers": [_pointer(builder, name) for name in builder.pointers],
        "nodes": [_node(builder, layout, index) for index in range(len(model.nodes))],
        "kept": kept,
        "decided": builder.decided and builder.decided.text,
        "score": builder.tensors[model.nodes[-1].name].pointer,
    }
    templates = {"model.h.j2": ".h", "model.c.j2": ".c", "weights.h.j2": "_weights.h"}
    return {
        model.name + ending: environment().get_template(template).render(values)
        for template, ending in templates.items()
    }


def _header_values(model: Model) -> dict[str, Any]:
    return {
        "title": comment(model.metadata.description or model.name),
        "input": model.input_op,
        "input_size": model.input.size,
        "output_size": model.output.size,
        "time_steps": model.time_steps,
        "streaming": model.streaming,
        "repeat": model.encoding.repeat,
        "encoding": encoding_text(model.encoding),
        "output": OUTPUTS[type(model.nodes[-1].op)],
        "classes": comment(", ".join(model.metadata.classes)),
    }


def encoding_text(encoding: Encoding) -> str:
    """The formula from raw data to input.

    >>> encoding_text(Encoding())
    'x = raw >> 1 (rounding down), raw from 0 to 255'
    >>> encoding_text(Encoding(0, 255, 0, 0, repeat=False, latency=128, faintest=32))
    'x = 1 in step (255 - raw) * 128 / 256 (rounding down) if raw >= 32, else 0; raw from 0 to 255'
    """
    span = f"raw from {encoding.raw_low} to {encoding.raw_high}"
    if encoding.latency:
        step = f"({encoding.raw_high} - raw) * {encoding.latency} / {encoding.raw_high - encoding.raw_low + 1}"
        return f"x = 1 in step {step} (rounding down) if raw >= {encoding.faintest}, else 0; {span}"
    offset = f" - {encoding.offset}" if encoding.offset > 0 else f" + {-encoding.offset}" if encoding.offset else ""
    raw = f"(raw{offset})" if offset else "raw"
    shifted = f"{raw} >> {encoding.shift} (rounding down)" if encoding.shift else raw
    return f"x = {shifted}, {span}"


def comment(text: str) -> str:
    """Text that may stand in a C block comment, on lines of bounded length: printable ASCII without the comment's own
    marks, line splices and trigraphs.

    >>> comment("a */ b")
    'a * / b'
    """
    printable = "".join(char if " " <= char <= "~" and char != "\\" else " " for char in text)
    safe = printable.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")
    return "\n * ".join(textwrap.wrap(safe, COMMENT_WIDTH)) or "-"


def _state(state: State) -> dict[str, Any]:
    element = {"int32": 4, "int16": 2}.get(state.storage.type, 1)
    return {"ctype": state.ctype, "member": state.member, "extent": state.storage.bytes // element}


def _pointer(builder: Builder, name: str) -> dict[str, Any]:
    tensor = builder.pointers[name]
    assert tensor.buffer is not None
    return {"name": name, "ctype": C_TYPES[tensor.type], "offset": tensor.buffer.offset}


def _node(builder: Builder, layout: Layout, index: int) -> dict[str, Any]:
    node, output = layout.nodes[index], layout.nodes[index].output
    return {
        "index": index,
        "name": node.name,
        "kind": node.kind,
        "calls": [call.text for call in builder.calls if call.node == index],
        "output": output and {"pointer": builder.tensors[node.name].pointer, "bytes": output.bytes},
    }
