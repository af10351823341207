"""What a user of the file needs: signatures, shapes, encoding, decision rule. As JSON, in words, and in the file."""

from __future__ import annotations

import importlib.resources
import json
import re
from typing import Any

from edgesnn.integer import Encoding, Model
from edgesnn.targets.tflite.layout import device_shape
from edgesnn.targets.tflite.states import INPUT, OUTPUT, RESET, STEP, state_dtype, state_name

METADATA = "edgesnn"
"""The name of the file's metadata entry that holds the manifest."""

DECISION = "index of the largest output after the last time step, ties to the lowest index"
SHIFT = "(raw - offset) >> shift"
LATENCY = "1 in step (raw_high - raw) * latency // (raw_high - raw_low + 1), if raw >= faintest, else 0"
LAYOUT = "channels last: a state of (C, H, W) neurons is (1, H, W, C)"


def manifest(model: Model, form: str) -> dict[str, Any]:
    """Everything about calling the file, JSON-able."""
    op, data = model.input_op, model.metadata
    return {
        "format": "edgesnn-tflite",
        "version": 1,
        "model": model.name,
        "description": data.description,
        "states_are": form,
        "signatures": [STEP] if form == "explicit" else [STEP, RESET],
        "time_steps": model.time_steps,
        "streaming": model.streaming,
        "input": {"name": INPUT, "dtype": "int8", "shape": [1, *model.input.shape], "range": [op.low, op.high]},
        "encoding": {"rule": f"input = {LATENCY if model.encoding.latency else SHIFT}", **model.encoding.as_dict()},
        "output": {"name": OUTPUT, "dtype": "int32", "shape": [1, model.output.size]},
        "states": states(model),
        "states_layout": LAYOUT,
        "states_at_start": 0,
        "decision": DECISION,
        "classes": list(data.classes),
        "task": data.task,
        "licence": data.licence,
        "source": data.source,
        "training_data": data.training_data,
    }


def states(model: Model) -> list[dict[str, Any]]:
    return [
        {
            "name": state_name(node.name, spec.name),
            "dtype": state_dtype(spec),
            "shape": list(device_shape(spec.shape)),
        }
        for node in model.nodes
        for spec in model.states_of(node)
    ]


def manifest_json(model: Model, form: str, **more: Any) -> str:
    return json.dumps({**manifest(model, form), **more}, indent=1)


def description(model: Model, form: str) -> str:
    """One line for the file's description field, which every viewer shows."""
    carry = "feed the states back, all zero at first" if form == "explicit" else f"call '{RESET}' before each sample"
    return (
        f"{model.name}: spiking network, integers only. Call '{STEP}' {model.time_steps} times a sample; {carry}. "
        f"Class: {DECISION}. Metadata '{METADATA}' has the details."
    )


def rule_of(encoding: Encoding) -> str:
    """How raw data become input, with the encoding's numbers."""
    rule = LATENCY if encoding.latency else SHIFT
    for name, value in encoding.as_dict().items():
        rule = re.sub(rf"\b{name}\b", str(value), rule)
    return rule


def readme(model: Model, form: str, file: str) -> str:
    """The README beside the file; its Python example runs as it stands."""
    package = importlib.resources.files(__package__)
    template = package.joinpath("templates", f"{form}.md").read_text(encoding="utf-8")
    op, encoding = model.input_op, model.encoding
    facts = {
        "name": model.name,
        "file": file,
        "description": model.metadata.description or "A spiking network",
        "steps": model.time_steps,
        "input_shape": (1, *model.input.shape),
        "low": op.low,
        "high": op.high,
        "raw_low": encoding.raw_low,
        "raw_high": encoding.raw_high,
        "rule": rule_of(encoding),
        "presented": "the same input at every step" if encoding.repeat else "the next input at every step",
        "outputs": model.output.size,
        "classes": ", ".join(model.metadata.classes) or "numbered from 0",
        "decision": DECISION,
        "layout": LAYOUT,
        "state_lines": "\n".join(f"- `{s['name']}`: {s['dtype']} {tuple(s['shape'])}" for s in states(model)),
    }
    return template.format(**facts)
