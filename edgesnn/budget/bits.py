"""Bits of weights and spikes, layer by layer: what the definitions of the bit budget are made of."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer import Interval, Model, Node
from edgesnn.integer.ops import Conv, Dense, Input, MatMul


@dataclass(frozen=True)
class LayerBits:
    """One layer of synapses, or a product of two activities.

    macs: multiply-accumulates of one time step, window by window, so that padding counts for nothing. steps: T, or 1
    where the input is the same at every step, so that the layer need be computed once. weights: how many are stored.
    weight_bits: of a product of activities, those of its second factor. spike_bits: of the layer's input.
    """

    name: str
    kind: str
    macs: int
    steps: int
    weights: int
    weight_bits: float
    spike_bits: float

    @property
    def bit_budget(self) -> float:
        """T * b_s * b_w."""
        return self.steps * self.spike_bits * self.weight_bits


def layers_of(model: Model) -> tuple[LayerBits, ...]:
    """The layers of synapses in graph order, the first one included; pooling and rescaling have no weights."""
    same = static_nodes(model)
    return tuple(_layer(model, node, same) for node in model.nodes if isinstance(node.op, Dense | Conv | MatMul))


def _layer(model: Model, node: Node, same: frozenset[str]) -> LayerBits:
    inputs, op = model.inputs_of(node), node.op
    weights, bits = (0, width(inputs[-1].range))
    if isinstance(op, Dense | Conv):
        weights, bits = op.weight.size, op.weight_bits
    steps = 1 if node.name in same else model.time_steps
    return LayerBits(node.name, op.kind, op.dense_adds(inputs), steps, weights, bits, width(inputs[0].range))


def width(values: Interval) -> int:
    """Fewest bits that tell the integers of a proven range apart: 1 for spikes, 2 for ternary ones, 7 for 0..127."""
    return max(1, (values.maximum - values.minimum).bit_length())


def static_nodes(model: Model) -> frozenset[str]:
    """Nodes whose output is the same at every step of a sample: the encoding repeats, and no state lies before."""
    same: set[str] = set()
    for node in model.nodes:
        steady = model.encoding.repeat if isinstance(node.op, Input) else set(node.inputs) <= same
        if steady and not model.states_of(node):
            same.add(node.name)
    return frozenset(same)
