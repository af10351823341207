"""Cuts a model into layers: what emits messages on Loihi, and the linear map that drives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Add, Concat, Input, MaxPool, Membrane, Rescale, Reshape, StepRescale
from edgesnn.integer.ops.neuron import Neuron
from edgesnn.integer.ops.readout import Readout
from edgesnn.targets.loihi.linear import Affine, is_linear, matrix_of


@dataclass(frozen=True, eq=False)
class Layer:
    """A node that emits messages, the accumulator that drives it (by emitting node), and the stateless
    operators applied to that accumulator first."""

    node: Node
    drive: Affine
    fused: tuple[Node, ...] = ()


def layers_of(model: Model) -> list[Layer]:
    """The layers of a model in graph order, its input first."""
    drives: dict[str, Layer] = {}
    found: list[Layer] = []
    for node in model.nodes:
        layer = _drive(model, node, drives)
        if _emits(model, node):
            found.append(layer)
            layer = Layer(node, Affine.identity(node.name, model.signal(node.name).size))
        drives[node.name] = layer
    return found


def _drive(model: Model, node: Node, drives: dict[str, Layer]) -> Layer:
    """What node computes (or, where it emits, what drives it) in terms of earlier layers."""
    op = node.op
    if isinstance(op, Input):
        return Layer(node, Affine({}, np.zeros(model.input.size, np.int64)))
    first = drives[node.inputs[0]]
    if isinstance(op, Neuron | Readout | Reshape):
        return Layer(node, first.drive, first.fused)
    if isinstance(op, Add):
        return Layer(node, first.drive + drives[node.inputs[1]].drive)
    if isinstance(op, Concat):
        return Layer(node, first.drive.below(drives[node.inputs[1]].drive))
    if isinstance(op, Rescale | StepRescale) and (first.fused or not is_linear(node)):
        return Layer(node, first.drive, (*first.fused, node))
    return Layer(node, first.drive.through(*matrix_of(model, node)))


def _emits(model: Model, node: Node) -> bool:
    """Whether messages leave this node: its state or its non-linearity ends a linear chain."""
    op = node.op
    if isinstance(op, Input | Neuron | Readout | MaxPool):
        return True
    return isinstance(op, Rescale | StepRescale) and not is_linear(node) and not _feeds_neuron(model, node)


def _feeds_neuron(model: Model, node: Node) -> bool:
    """Whether a rescaled accumulator reaches exactly one neuron or membrane, and nothing else."""
    readers = model.consumers(node.name)
    if len(readers) != 1 or len(readers[0].inputs) != 1:
        return False
    reader = readers[0]
    if isinstance(reader.op, Neuron | Membrane):
        return True
    return isinstance(reader.op, Reshape | Rescale | StepRescale) and _feeds_neuron(model, reader)
