"""What the file itself says of its cost: bytes stored, and bytes alive while a step runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgesnn.integer import Model
from edgesnn.target import Cost, LayerCost
from edgesnn.targets.tflite.flatbuffer import TYPES, schema
from edgesnn.targets.tflite.layout import device_shape
from edgesnn.targets.tflite.states import state_dtype
from edgesnn.targets.tflite.values import ITEM_BYTES

NOTES = (
    "flash is the size of the .tflite file; the interpreter library comes on top",
    "RAM is the sum of the tensors alive at the fullest operator, read from the file; no interpreter needs less",
    "a layer's weights include its tables and other constants, its arena the tensors alive during its fullest operator",
)


@dataclass(frozen=True)
class Liveness:
    """Bytes of the tensors alive during each operator: those that last for the whole step, and the others."""

    lasting: int
    passing: tuple[int, ...]


def file_cost(model: Model, data: bytes) -> Cost:
    """Static cost, from the file's bytes."""
    root = schema().ModelT.InitFromPackedBuf(data, 0)
    graph = root.subgraphs[0]
    stored = stored_bytes(root)
    kept = sum(state_bytes(model, node.name) for node in model.nodes)
    alive = liveness(graph)
    in_variables = 0 if len(graph.inputs) > 1 else kept
    peak = max(alive.passing, default=0)
    constants = sum(stored.values())
    return Cost(
        flash_bytes=len(data),
        ram_bytes=alive.lasting + in_variables + peak,
        file_bytes=len(data),
        layers=layer_costs(model, graph, stored, alive),
        memory_map=(
            ("flash", "weights and tables", constants),
            ("flash", "operators, names and manifest", len(data) - constants),
            ("ram", "states, input and output", alive.lasting + in_variables),
            ("ram", "intermediate tensors at the peak", peak),
        ),
        notes=NOTES,
    )


def layer_costs(model: Model, graph: Any, stored: Mapping[str, int], alive: Liveness) -> dict[str, LayerCost]:
    arena: dict[str, int] = {}
    for operator, size in zip(graph.operators, alive.passing, strict=True):
        for tensor in operator.outputs:
            name = scope(graph.tensors[tensor])
            arena[name] = max(arena.get(name, 0), size)
    return {
        node.name: LayerCost(
            node.name,
            node.op.kind,
            model.signal(node.name).shape,
            weight_bytes=stored.get(node.name, 0),
            state_bytes=state_bytes(model, node.name),
            arena_bytes=arena.get(node.name, 0),
        )
        for node in model.nodes
    }


def state_bytes(model: Model, name: str) -> int:
    specs = model.states_of(model.by_name[name])
    return sum(ITEM_BYTES[state_dtype(spec)] * int(np.prod(device_shape(spec.shape))) for spec in specs)


def stored_bytes(root: Any) -> dict[str, int]:
    """Bytes of constants by the node that uses them first; equal constants are stored once."""
    found: dict[str, int] = {}
    seen = {0}
    for tensor in root.subgraphs[0].tensors:
        if tensor.buffer not in seen:
            seen.add(tensor.buffer)
            found[scope(tensor)] = found.get(scope(tensor), 0) + len(root.buffers[tensor.buffer].data)
    return found


def liveness(graph: Any) -> Liveness:
    """A step's inputs and outputs are kept throughout, other tensors from their writer to their last reader."""
    ends = {int(tensor) for tensor in (*graph.inputs, *graph.outputs)}
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for position, operator in enumerate(graph.operators):
        for tensor in numbers(operator.outputs):
            first.setdefault(tensor, position)
            last.setdefault(tensor, position)
        for tensor in numbers(operator.inputs):
            last[tensor] = position
    passing = [0] * len(graph.operators)
    for tensor, start in first.items():
        if tensor not in ends:
            for position in range(start, last[tensor] + 1):
                passing[position] += tensor_bytes(graph.tensors[tensor])
    return Liveness(sum(tensor_bytes(graph.tensors[tensor]) for tensor in ends), tuple(passing))


def tensor_bytes(tensor: Any) -> int:
    types = {getattr(schema().TensorType, code): ITEM_BYTES.get(name, 0) for name, code in TYPES.items()}
    return types[tensor.type] * int(np.prod(tensor.shape, dtype=np.int64)) if tensor.shape is not None else 0


def numbers(tensors: Iterable[int] | None) -> list[int]:
    return [int(tensor) for tensor in tensors] if tensors is not None else []


def scope(tensor: Any) -> str:
    """The node that a tensor belongs to: the part of its name before the colon."""
    name = tensor.name.decode() if isinstance(tensor.name, bytes) else str(tensor.name)
    return name.split(":")[0]
