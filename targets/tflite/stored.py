"""How a file stores a node: read from its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense
from edgesnn.target import Stored
from edgesnn.targets.tflite.cost import scope, state_bytes, stored_bytes, tensor_bytes
from edgesnn.targets.tflite.flatbuffer import schema
from edgesnn.targets.tflite.program import output_tensor

BYTE = 8
PRODUCTS = ("BATCH_MATMUL", "FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D")
"""Operators whose constant operand is a weight."""


def stored(model: Model, data: bytes) -> Mapping[str, Stored]:
    """Of every node, from the file's bytes. Matrix products are dense: a zero costs what any value costs."""
    root = schema().ModelT.InitFromPackedBuf(data, 0)
    constants, weights = stored_bytes(root), weight_bytes(root)
    outputs = {decoded(tensor.name): tensor for tensor in root.subgraphs[0].tensors}
    return {
        name: _stored(model, name, constants.get(name, 0), weights.get(name, 0), outputs.get(output_tensor(name)))
        for name in model.by_name
    }


def _stored(model: Model, name: str, constants: int, weights: int, output: Any) -> Stored:
    op, own, kept = model.by_name[name].op, min(weights, constants), state_bytes(model, name)
    states = sum(int(np.prod(spec.shape)) for spec in model.states_of(model.by_name[name]))
    return Stored(
        weight_bits=BYTE * weights / op.weight.size if isinstance(op, Dense | Conv) else None,
        weight_bytes=own,
        parameter_bytes=constants - own,
        state_bits=BYTE * kept / states if states else None,
        state_bytes=kept,
        output_bits=BYTE * tensor_bytes(output) / model.signal(name).size if output is not None else None,
        event_driven=False,
    )


def weight_bytes(root: Any) -> dict[str, int]:
    """Bytes of the constants that the matrix products of each node multiply by."""
    graph, codes = root.subgraphs[0], {getattr(schema().BuiltinOperator, name) for name in PRODUCTS}
    found: dict[str, int] = {}
    for operator in graph.operators:
        if root.operatorCodes[operator.opcodeIndex].builtinCode in codes:
            node = scope(graph.tensors[operator.outputs[0]])
            constant = [graph.tensors[i] for i in operator.inputs[1:2] if len(data_of(root, graph.tensors[i]))]
            found[node] = found.get(node, 0) + sum(tensor_bytes(tensor) for tensor in constant)
    return found


def data_of(root: Any, tensor: Any) -> Any:
    """The bytes of a constant tensor; nothing for any other."""
    data = root.buffers[tensor.buffer].data
    return () if data is None else data


def decoded(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)
