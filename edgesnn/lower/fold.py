"""Graph rewrites that change no integer: biases and scales move from synapses into the neurons behind them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

import numpy as np

from edgesnn.integer.model import Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Lif, Membrane, Rescale, TernaryLif
from edgesnn.integer.signal import Array


def fold(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The same function with fewer operations."""
    return fold_scales(fold_biases(nodes))


def fold_biases(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """(w x + b) << f is (w x << f) + (b << f): exact where the neuron keeps no synaptic current.

    Only where the neuron is the synapse's one reader. Loihi has biases in neurons, and elsewhere it saves an addition.
    """
    replaced: dict[str, Node] = {}
    for source, node in only_readers(nodes):
        if accepts_bias(node.op) and has_bias(source.op):
            bias = _neuron_bias(source.op) << node.op.fraction_bits  # type: ignore[attr-defined]
            op = dataclasses.replace(node.op, bias=node.op.bias + bias)  # type: ignore[attr-defined, call-arg]
            replaced[node.name] = Node(node.name, op, node.inputs)
            replaced[source.name] = Node(source.name, unbiased(source.op), source.inputs)
    return tuple(replaced.get(node.name, node) for node in nodes)


def fold_scales(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """A rescaling without offset and shift in front of a neuron that multiplies its input anyway."""
    replaced: dict[str, Node | None] = {}
    for source, node in only_readers(nodes):
        if isinstance(node.op, TernaryLif) and isinstance(source.op, Rescale) and is_scale(source.op):
            op = dataclasses.replace(node.op, multiplier=node.op.multiplier * source.op.multiplier)
            replaced[node.name] = Node(node.name, op, source.inputs)
            replaced[source.name] = None
    return tuple(kept for node in nodes if (kept := replaced.get(node.name, node)) is not None)


def only_readers(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, Node]]:
    """Pairs (source, node) where the node reads that source alone, and nothing else reads the source."""
    by_name = {node.name: node for node in nodes}
    readers = Counter(name for node in nodes for name in node.inputs)
    for node in nodes:
        if len(node.inputs) == 1 and readers[node.inputs[0]] == 1:
            yield by_name[node.inputs[0]], node


def is_scale(op: Rescale) -> bool:
    return op.shift == 0 and not op.clips and not np.any(op.offset)


def unbiased(op: Operator) -> Operator:
    return dataclasses.replace(op, bias=0)  # type: ignore[call-arg]


def accepts_bias(op: Operator) -> bool:
    return isinstance(op, Membrane) or (isinstance(op, Lif) and not op.has_current)


def has_bias(op: Operator) -> bool:
    return isinstance(op, (Dense, Conv)) and bool(np.any(op.bias))


def _neuron_bias(op: Operator) -> Array:
    """The synapse's bias in the shape of its output."""
    return op.channel_bias if isinstance(op, Conv) else op.bias  # type: ignore[attr-defined]
