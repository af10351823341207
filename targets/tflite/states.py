"""Where states live between calls: with the caller, as inputs and outputs, or in the file's own variables."""

from __future__ import annotations

import abc
from collections.abc import Mapping

import numpy as np

from edgesnn.integer import Model, Node
from edgesnn.integer.operator import StateSpec
from edgesnn.targets.tflite.flatbuffer import FlatModel, Subgraph
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_range, device_shape
from edgesnn.targets.tflite.values import Value

STEP, RESET = "step", "reset"
INPUT, OUTPUT = "input", "output"
DONE = "done"


def state_name(node: str, state: str) -> str:
    """The name of a state in signatures: the last underscore separates node and state."""
    return f"{node}_{state}"


def state_tensor(node: str, state: str) -> str:
    """The name of the tensor that holds a state after the step."""
    return f"{node}:{state}:next"


def state_dtype(spec: StateSpec) -> str:
    return "int8" if spec.bits <= 8 else "int32"


class States(abc.ABC):
    """One of the two forms a file has."""

    def __init__(self, file: FlatModel, graph: Graph, model: Model) -> None:
        self.file, self.graph, self.model = file, graph, model
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.hidden: dict[str, int] = {}  # states after the step that the signature does not return

    def load(self, node: Node) -> tuple[Value, ...]:
        """The node's states before the step, in the type that the operators want."""
        ranges = self.model.ranges[node.name].states
        values = []
        for spec, interval in zip(self.model.states_of(node), ranges, strict=True):
            values.append(self._load(node, spec, Value(-1, state_dtype(spec), device_range(interval))))
        return tuple(values)

    def store(self, node: Node, states: tuple[Value, ...]) -> None:
        """Keeps the node's states for the next step."""
        ranges = self.model.ranges[node.name].states
        for spec, value, interval in zip(self.model.states_of(node), states, ranges, strict=True):
            value = Value(value.tensor, value.dtype, device_range(interval))
            kept = self.graph.named(self.graph.cast(value, state_dtype(spec)), state_tensor(node.name, spec.name))
            self._store(node, spec, kept)

    @abc.abstractmethod
    def _load(self, node: Node, spec: StateSpec, wanted: Value) -> Value: ...

    @abc.abstractmethod
    def _store(self, node: Node, spec: StateSpec, value: Value) -> None: ...

    @abc.abstractmethod
    def finish(self, x: Value, results: Mapping[str, int]) -> None:
        """Writes the signatures. results: what `step` returns beside states, tensor numbers by name."""


class ExplicitStates(States):
    """`step` takes and returns the states under the same names; all zero is the reset state."""

    def _load(self, node: Node, spec: StateSpec, wanted: Value) -> Value:
        value = self.graph.input(f"{node.name}:{spec.name}", wanted.dtype, wanted.range)
        self.before[state_name(node.name, spec.name)] = value.tensor
        return self.graph.int32(value)

    def _store(self, node: Node, spec: StateSpec, value: Value) -> None:
        self.after[state_name(node.name, spec.name)] = value.tensor

    def finish(self, x: Value, results: Mapping[str, int]) -> None:
        inputs = {INPUT: x.tensor, **self.before}
        self.file.signature(STEP, self.graph.subgraph, inputs, {**results, **self.after})


class VariableStates(States):
    """`step` keeps the states in resource variables, zero at first; `reset` makes them zero again."""

    def __init__(self, file: FlatModel, graph: Graph, model: Model) -> None:
        super().__init__(file, graph, model)
        self.initial = file.subgraph("initial")
        graph.subgraph.operator("CALL_ONCE", (), (), initSubgraphIndex=self.initial.index)

    def _load(self, node: Node, spec: StateSpec, wanted: Value) -> Value:
        name = state_name(node.name, spec.name)
        self.before[name] = variable(self.graph.subgraph, name)
        value = self.graph.input(f"{node.name}:{spec.name}", wanted.dtype, wanted.range)
        self.graph.subgraph.operator("READ_VARIABLE", (self.before[name],), (value.tensor,))
        return self.graph.int32(value)

    def _store(self, node: Node, spec: StateSpec, value: Value) -> None:
        handle = self.before[state_name(node.name, spec.name)]
        self.graph.subgraph.operator("ASSIGN_VARIABLE", (handle, value.tensor), ())
        self.hidden[state_tensor(node.name, spec.name)] = value.tensor

    def finish(self, x: Value, results: Mapping[str, int]) -> None:
        self.file.signature(STEP, self.graph.subgraph, {INPUT: x.tensor}, results)
        self._assign_zeros(self.initial)
        self.initial.ends((), ())
        reset = self.file.subgraph(RESET)
        self._assign_zeros(reset)
        done = reset.constant(DONE, np.zeros(1, np.int64), "int32")
        self.file.signature(RESET, reset, {}, {DONE: done})

    def _assign_zeros(self, subgraph: Subgraph) -> None:
        graph = Graph(subgraph)
        for node in self.model.nodes:
            for spec in self.model.states_of(node):
                zeros = graph.cast(graph.filled(device_shape(spec.shape), 0), state_dtype(spec))
                handle = variable(subgraph, state_name(node.name, spec.name))
                subgraph.operator("ASSIGN_VARIABLE", (handle, zeros.tensor), ())


def variable(subgraph: Subgraph, name: str) -> int:
    """A handle of the resource variable of that name."""
    handle = subgraph.tensor(f"{name}:handle", (), "resource")
    subgraph.operator("VAR_HANDLE", (), (handle,), container="", sharedName=name)
    return handle
