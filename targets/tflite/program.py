"""From the integer model to the file: one time step, node by node."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Interval, Model, Node
from edgesnn.target import Problem
from edgesnn.targets.tflite.aliasing import separate_reshapes
from edgesnn.targets.tflite.describe import METADATA, description, manifest_json
from edgesnn.targets.tflite.flatbuffer import FlatModel
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_range
from edgesnn.targets.tflite.ops import PRINTERS, Step
from edgesnn.targets.tflite.states import INPUT, OUTPUT, STEP, ExplicitStates, States, VariableStates
from edgesnn.targets.tflite.values import RefusalError, Value

FILE_LIMIT = 1 << 31
"""Offsets inside the file are 32-bit and signed."""

FORMS: Mapping[str, type[States]] = {"explicit": ExplicitStates, "variables": VariableStates}
"""Where states live, by the board's word for it."""


def output_tensor(node: str) -> str:
    """The name of the tensor that holds a node's output."""
    return f"{node}:output"


def problems(model: Model, form: str) -> list[Problem]:
    """Why the model cannot be written exactly; empty where it can."""
    try:
        write(model, form)
    except RefusalError as refusal:
        return [refusal.problem]
    return []


def write_file(model: Model, form: str, observed: bool = False) -> bytes:
    """The bytes of the .tflite file. Raises UnsupportedModelError where `problems` is not empty.

    Args:
        observed: write its twin instead, whose `step` also returns every node's output, and states kept in variables.
    """
    try:
        file = write(model, form, observed)
    except RefusalError as refusal:
        problem = refusal.problem
        raise UnsupportedModelError(problem.where, f"{problem.problem} [{problem.rule}]", problem.remedy) from None
    file.metadata(METADATA, manifest_json(model, form).encode())
    return file.pack(description(model, form))


def write(model: Model, form: str, observed: bool = False) -> FlatModel:
    """The file without its description. Raises RefusalError where something cannot be proven exact."""
    file = FlatModel()
    graph = Graph(file.subgraph(STEP))
    states = FORMS[form](file, graph, model)
    x = graph.input(INPUT, "int8", batched(model.input.range))
    values: dict[str, Value] = {}
    for node in model.nodes:
        graph.scope = node.name
        values[node.name] = write_node(graph, states, model, node, tuple(values[name] for name in node.inputs) or (x,))
    inner = {output_tensor(node.name): values[node.name].tensor for node in model.nodes[:-1]}
    results = {OUTPUT: values[model.nodes[-1].name].tensor}
    states.finish(x, {**results, **inner, **states.hidden} if observed else results)
    separate_reshapes(graph.subgraph)
    check_size(model, file)
    return file


def write_node(graph: Graph, states: States, model: Model, node: Node, inputs: tuple[Value, ...]) -> Value:
    """One operator; its output ends in a tensor of the node's name, with the bounds that range analysis proved."""
    proven = model.ranges[node.name]
    signals = model.inputs_of(node) or (model.input,)
    step = Step(
        op=node.op,
        inputs=inputs,
        states=states.load(node),
        shapes=tuple(signal.shape for signal in signals),
        shape=proven.output.shape,
        proven=device_range(proven.output.range),
        state_ranges=tuple(device_range(interval) for interval in proven.states),
    )
    output, after = PRINTERS[node.op.kind](graph, step)
    states.store(node, after)
    output = graph.named(output, output_tensor(node.name))
    return Value(output.tensor, output.dtype, step.proven)


def batched(interval: Interval) -> Interval:
    """Bounds with the signature's leading axis of 1, channels first."""
    return Interval(interval.low[None], interval.high[None])


def check_size(model: Model, file: FlatModel) -> None:
    size = sum(len(buffer.data) for buffer in file.root.buffers if buffer.data is not None)
    if size >= FILE_LIMIT:
        raise RefusalError(
            Problem(
                model.name, "tflite-file-bytes", f"its file would take {size} bytes, the format holds {FILE_LIMIT - 1}",
                "Use fewer weights or smaller feature maps",
            )
        )  # fmt: skip
