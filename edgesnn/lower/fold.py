"""Graph rewrites that change no integer: biases move from synapses into the neurons behind them."""

from __future__ import annotations

import dataclasses

import numpy as np

from edgesnn.integer.model import Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Lif, Membrane
from edgesnn.integer.signal import Array


def fold_biases(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """(w x + b) << f is (w x << f) + (b << f): exact where the neuron keeps no synaptic current.

    Only where the neuron is the synapse's one reader. Loihi has biases in neurons, and elsewhere it saves an addition.
    """
    by_name = {node.name: node for node in nodes}
    readers: dict[str, int] = {}
    for node in nodes:
        for name in node.inputs:
            readers[name] = readers.get(name, 0) + 1
    replaced: dict[str, Node] = {}
    for node in nodes:
        source = by_name.get(node.inputs[0]) if node.inputs else None
        if source is not None and accepts_bias(node.op) and has_bias(source.op) and readers[source.name] == 1:
            bias = _neuron_bias(source.op) << node.op.fraction_bits  # type: ignore[attr-defined]
            op = dataclasses.replace(node.op, bias=node.op.bias + bias)  # type: ignore[attr-defined, call-arg]
            replaced[node.name] = Node(node.name, op, node.inputs)
            replaced[source.name] = Node(source.name, unbiased(source.op), source.inputs)
    return tuple(replaced.get(node.name, node) for node in nodes)


def unbiased(op: Operator) -> Operator:
    return dataclasses.replace(op, bias=0)  # type: ignore[call-arg]


def accepts_bias(op: Operator) -> bool:
    return isinstance(op, Membrane) or (isinstance(op, Lif) and not op.has_current)


def has_bias(op: Operator) -> bool:
    return isinstance(op, (Dense, Conv)) and bool(np.any(op.bias))


def _neuron_bias(op: Operator) -> Array:
    """The synapse's bias in the shape of its output."""
    return op.channel_bias if isinstance(op, Conv) else op.bias  # type: ignore[attr-defined]
