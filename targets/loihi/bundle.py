"""Writes a network as a folder that runs wherever lava-nc does: JSON, NumPy arrays, and the runner's sources."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from edgesnn.files import filling
from edgesnn.integer import Array, Node
from edgesnn.integer.operator import fields_of
from edgesnn.integer.ops import StepRescale
from edgesnn.integer.signal import Shape
from edgesnn.targets.loihi.network import Connection, Group, Network

RUNNER = Path(__file__).with_name("runner")
README = Path(__file__).with_name("bundle_readme.md")
MAIN = "run.py"
FORMAT, VERSION = "edgesnn-lava-network", 1

Arrays = dict[str, Array]


def write_bundle(network: Network, folder: Path) -> Path:
    """The bundle in `folder`, all or nothing; returns its runner. Raises FileError where it cannot be written."""
    arrays: Arrays = {}
    return write(describe(network, arrays), arrays, readme(network), folder)


def write(description: dict[str, Any], arrays: Arrays, text: str, folder: Path) -> Path:
    """The bundle of a description and its arrays, `text` being its README."""
    with filling(folder) as part:
        shutil.copytree(RUNNER, part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "__init__.pyc"))
        (part / "network.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
        narrowed: dict[str, Any] = {name: narrow(array) for name, array in arrays.items()}
        np.savez_compressed(part / "network.npz", **narrowed)
        (part / "README.md").write_text(text, encoding="utf-8")
    return folder / MAIN


def describe(network: Network, arrays: Arrays) -> dict[str, Any]:
    """The content of network.json; arrays it refers to are put into `arrays`."""
    model = network.model
    return {
        "format": FORMAT,
        "version": VERSION,
        "model": model.name,
        "time_steps": model.time_steps,
        "streaming": model.streaming,
        "input": {
            "name": model.nodes[0].name, "size": model.input.size, "low": model.input_op.low,
            "high": model.input_op.high,
        },
        "layers": [_layer(network, group, arrays) for group in network.groups[1:]],
        "connections": [
            entry
            for number, connection in enumerate(network.connections)
            for entry in _connection(number, connection, arrays)
        ],
    }  # fmt: skip


def _layer(network: Network, group: Group, arrays: Arrays) -> dict[str, Any]:
    model, node = network.model, group.layer.node
    states = [spec.name for spec in model.states_of(node)]
    common = {"name": group.name, "size": model.signal(group.name).size, "depth": group.depth, "states": states}
    if group.on_host:
        scalars, _ = _parameters(network, node)
        return {**common, "kind": "host", "op": node.op.kind, **scalars, "spikes": _spikes(group, arrays)}
    if group.stock:
        stock = group.stock
        arrays[f"{group.name}.bias_mant"], arrays[f"{group.name}.bias_exp"] = stock.bias_mant, stock.bias_exp
        emits = "v" if stock.emits_membrane else "s"
        registers = {"du": stock.du, "dv": stock.dv, "vth": stock.vth, "shift": stock.shift}
        return {**common, "kind": "lif", **registers, "emits": emits}
    arrays[f"{group.name}.synaptic_bias"] = group.layer.drive.offset
    pipeline = [_operator(network, model.by_name[name], arrays) for name in group.pipeline]
    return {**common, "kind": "microcode", "shift": 0, "emits": "s", "reason": group.reason, "pipeline": pipeline}


def _operator(network: Network, node: Node, arrays: Arrays) -> dict[str, Any]:
    scalars, parameters = _parameters(network, node)
    keys = {}
    for name, value in parameters.items():
        keys[name] = f"{node.name}.{name}"
        arrays[keys[name]] = value
    return {"op": node.op.kind, **scalars, "arrays": keys}


def _parameters(network: Network, node: Node) -> tuple[dict[str, int], Arrays]:
    """(attributes, arrays) of an operator; arrays that broadcast over its neurons are laid out flat."""
    shape, op = network.model.signal(node.name).shape, node.op
    scalars, arrays = {}, {}
    for name, value in fields_of(op).items():
        if not isinstance(value, np.ndarray):
            scalars[name] = int(value)
        elif name.endswith("_table"):
            arrays[name] = value
        elif isinstance(op, StepRescale) and name == "multiplier":
            arrays |= _by_step(value, shape)
        else:
            arrays[name] = np.broadcast_to(value, shape).reshape(-1)
    return scalars, arrays


def _by_step(multiplier: Array, shape: Shape) -> Arrays:
    """A row for each step, and the place in a row that belongs to each neuron: rows may be long and many."""
    places = np.arange(multiplier[0].size).reshape(multiplier.shape[1:])
    return {
        "multiplier": multiplier.reshape(len(multiplier), -1),
        "place": np.broadcast_to(places, shape).reshape(-1),
    }


def _spikes(group: Group, arrays: Arrays) -> list[dict[str, str]]:
    """Which spikes of which layers a host's readout sees: rows are its inputs, columns the layer's neurons."""
    entries = []
    for source, part in group.layer.drive.parts.items():
        key, routed = f"{group.name}.from_{source}", part.tocoo()
        arrays[f"{key}.rows"], arrays[f"{key}.columns"] = routed.row, routed.col
        entries.append({"from": source, "array": key})
    return entries


def _connection(number: int, connection: Connection, arrays: Arrays) -> list[dict[str, Any]]:
    entries = []
    for digit, synapses in enumerate(connection.synapses):
        key = f"synapses{number}_{digit}"
        for part in ("data", "indices", "indptr"):
            arrays[f"{key}.{part}"] = getattr(synapses.mantissa, part)
        entries.append(
            {
                "from": connection.source, "to": connection.target, "delay": connection.delay, "array": key,
                "shape": list(synapses.mantissa.shape), "weight_exp": synapses.exponent,
                "message_bits": connection.message_bits,
            }
        )  # fmt: skip
    return entries


def narrow(array: Array) -> Array:
    """The same integers in 16 bits where they fit, else in 32."""
    small = array.astype(np.int16)
    return small.astype(np.int16) if (small == array).all() else array.astype(np.int32)


def readme(network: Network) -> str:
    model = network.model
    lines = "\n".join(f"- {note}" for note in network.notes()) or "- Every layer is Loihi's stock neuron."
    return README.read_text(encoding="utf-8").format(
        model=model.name,
        steps=model.time_steps,
        inputs=model.input.size,
        low=model.input_op.low,
        high=model.input_op.high,
        first=network.groups[1].name,
        depth=network.depth,
        notes=lines,
    )
