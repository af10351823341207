"""Where everything of a generated model lies in memory: the contract between generated C and whoever reads a device.

The generated C of a model m (M is its upper-case name) offers, in m.h:

    M_INPUT_SIZE, M_OUTPUT_SIZE, M_TIME_STEPS     elements of input and output, steps of one sample
    M_STATE_BYTES, M_ARENA_BYTES, M_NODES         static memory: states, activations; nodes of the model
    void m_reset(void)                            all states to zero
    void m_step(const int8_t *input, int32_t *output)
    int m_decide(void)                            index of the largest last output, ties to the lowest
    int m_decided(void)                           whether that is final; models with a FirstSpike only
    const void *m_state(void)                     M_STATE_BYTES bytes: every state, as `NodeLayout.states` says

`input` has the model's natural order, row-major (C, H, W). A step beyond M_TIME_STEPS since the last reset changes
nothing and repeats the last output, unless the model is streaming. Compiled with EDGESNN_OBSERVE, m_step calls
`esnn_observe(index, output, bytes)` (edgesnn/observe.h) after each observable node, once a step, in node order; the
bytes are those `NodeLayout.output` encodes and decodes.

A bundle is compiled as `cc -std=c99 *.c` in its folder: every include is quoted and relative to it, so code outside
needs `-iquote FOLDER`, never `-I` (a model may be called "string").
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from edgesnn.targets.mcu.codegen.storage import Storage


@dataclass(frozen=True)
class StateLayout:
    """A state tensor: `storage.bytes` bytes at `offset` in the block that m_state() returns."""

    name: str
    offset: int
    storage: Storage


@dataclass(frozen=True)
class NodeLayout:
    """One node of the model.

    Args:
        index: position in the model's nodes, and the number given to esnn_observe.
        place: where the output lies: "arena", "state" (readouts: the output is a state), "input" (the caller's buffer),
            or "fused" (it never exists in memory).
        offset: in bytes within the arena or the state block; 0 otherwise.
        output: how it lies there; None if fused.
        alias: whether the output is another node's output, a state or the caller's input, so that it takes no memory.
        states: in the model's order of states.
        weight_bytes: constants in flash that this node brings: weights, biases, tables, shape records. A table that
            several nodes share counts at the first of them.
        scratch_bytes: arena memory needed during this node only.
        weight_form: how synaptic weights are stored, in words; empty where there are none.
        synapse_bytes: synaptic weights, within weight_bytes unless an equal array of another node serves.
        kept: whether it is computed only where the model's input is another than at the step before.
    """

    index: int
    name: str
    kind: str
    place: str
    offset: int
    output: Storage | None
    alias: bool
    states: tuple[StateLayout, ...]
    weight_bytes: int
    scratch_bytes: int
    weight_form: str = ""
    synapse_bytes: int = 0
    kept: bool = False

    @property
    def observable(self) -> bool:
        """Whether esnn_observe sees the output."""
        return self.output is not None

    @property
    def output_bytes(self) -> int:
        """Bytes that the output takes in the arena while it lives; an alias takes none."""
        return self.output.bytes if self.output is not None and not self.alias else 0

    @property
    def state_bytes(self) -> int:
        return sum(state.storage.bytes for state in self.states)


@dataclass(frozen=True)
class Layout:
    """Memory of a generated model. Its sizes are exact.

    ram_bytes is what the generated code and kernels add to .bss (they have no .data); constants are .rodata.
    `control_bytes` is the step counter of a model that is not streaming.
    """

    model: str
    nodes: tuple[NodeLayout, ...]
    state_bytes: int
    arena_bytes: int
    control_bytes: int
    kernels: tuple[str, ...]

    @property
    def weight_bytes(self) -> int:
        return sum(node.weight_bytes for node in self.nodes)

    @property
    def ram_bytes(self) -> int:
        return self.state_bytes + self.arena_bytes + self.control_bytes

    @cached_property
    def by_name(self) -> Mapping[str, NodeLayout]:
        return {node.name: node for node in self.nodes}

    def as_dict(self) -> dict[str, Any]:
        """Everything, as JSON types."""
        return dataclasses.asdict(self) | {"weight_bytes": self.weight_bytes, "ram_bytes": self.ram_bytes}
