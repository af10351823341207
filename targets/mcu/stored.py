"""How the generated C stores a node: bits of weights, states and outputs, padding of words included."""

from __future__ import annotations

from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense
from edgesnn.target import Stored
from edgesnn.targets.mcu.codegen import NodeLayout

BYTE = 8


def weight_count(model: Model, name: str) -> int:
    """Synaptic weights of a node."""
    op = model.by_name[name].op
    return op.weight.size if isinstance(op, Dense | Conv) else 0


def stored(node: NodeLayout, weights: int) -> Stored:
    """From a node's place in memory. Every kernel of a synapse skips inputs that are zero, but that of int8 inputs in
    small windows, see `codegen.pairs`."""
    own = node.synapse_bytes if node.weight_bytes >= node.synapse_bytes else 0
    states = sum(state.storage.size for state in node.states)
    return Stored(
        weight_bits=BYTE * node.synapse_bytes / weights if weights else None,
        weight_bytes=own,
        parameter_bytes=node.weight_bytes - own,
        state_bits=BYTE * node.state_bytes / states if states else None,
        state_bytes=node.state_bytes,
        output_bits=BYTE * node.output.bytes / node.output.size if node.output is not None else None,
    )
