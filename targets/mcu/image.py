"""A tensor of the model as the bytes in the device's memory, and back; digests of what the interpreter computed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from edgesnn.integer import Array, Run, Trace
from edgesnn.targets.mcu.codegen import Layout, NodeLayout


def observable(layout: Layout) -> list[NodeLayout]:
    """The nodes that the firmware's hooks see, in their order."""
    return [node for node in layout.nodes if node.observable]


def state_memory(layout: Layout, states: Mapping[str, Mapping[str, Array]]) -> bytes:
    """The state memory that holds the given states, by node and name."""
    memory = bytearray(layout.state_bytes)
    for node in layout.nodes:
        for state in node.states:
            raw = state.storage.encode(states[node.name][state.name])
            memory[state.offset : state.offset + len(raw)] = raw
    return bytes(memory)


def states_of(node: NodeLayout, memory: bytes) -> dict[str, Array]:
    """A node's states by name, each of its own shape."""
    return {
        state.name: state.storage.decode(memory[state.offset : state.offset + state.storage.bytes])
        for state in node.states
    }


def digest(layout: Layout, traces: Mapping[str, Trace], sample: int) -> int:
    """What the device's digest of a sample must be: CRC-32 over all outputs and the state memory, step by step."""
    crc = 0
    steps = next(iter(traces.values())).output.shape[1]
    for t in range(steps):
        for node in observable(layout):
            assert node.output is not None
            crc = zlib.crc32(node.output.encode(traces[node.name].output[sample, t]), crc)
        states = {
            name: {key: value[sample, t] for key, value in trace.states.items()} for name, trace in traces.items()
        }
        crc = zlib.crc32(state_memory(layout, states), crc)
    return crc


class Recorder:
    """Collects outputs and states of named nodes, step by step and sample by sample, into a Run."""

    def __init__(self, nodes: list[NodeLayout]) -> None:
        self.nodes = nodes
        self._outputs: dict[str, list[Array]] = {node.name: [] for node in nodes}
        self._states: dict[str, dict[str, list[Array]]] = {
            node.name: {state.name: [] for state in node.states} for node in nodes
        }

    def output(self, node: NodeLayout, raw: bytes) -> None:
        assert node.output is not None
        self._outputs[node.name].append(node.output.decode(raw))

    def states(self, memory: bytes) -> None:
        for node in self.nodes:
            for name, value in states_of(node, memory).items():
                self._states[node.name][name].append(value)

    def run(self, output: Array, samples: int, steps: int) -> Run:
        def joined(values: list[Array]) -> Array:
            return np.stack(values).reshape(samples, steps, *values[0].shape)

        traces = {
            node.name: Trace(
                joined(self._outputs[node.name]),
                {name: joined(values) for name, values in self._states[node.name].items()},
            )
            for node in self.nodes
        }
        return Run(output, traces, {})
