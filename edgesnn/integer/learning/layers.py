"""The layers of a network that learns, and the integer model that they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.model import Model, Node
from edgesnn.integer.operator import parameter
from edgesnn.integer.ops import Dense, FirstSpike, Input, IntegrateFire, Membrane
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.signal import Array


@dataclass(frozen=True, eq=False)
class Layer:
    """Weight (outputs, inputs) of 8 bits and neurons.

    threshold: 0 for a last layer that does not fire. state_bits: of the potential, which saturates.
    """

    weight: Array
    threshold: int
    state_bits: int = 16

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", parameter(self.weight))
        if self.weight.ndim != 2 or self.weight.min() < -128 or self.weight.max() > 127:
            raise ModelError("layer", f"weight {self.weight.shape} is no matrix of 8 bits", "Quantise it to 8 bits")

    @property
    def limit(self) -> int:
        """Where the potential saturates."""
        return (1 << self.state_bits - 1) - 1


def model_of(name: str, layers: tuple[Layer, ...], time_steps: int) -> Model:
    """The model of integrate-and-fire layers; scores are first spikes, or potentials if the last has threshold 0."""
    nodes = [Node("x", Input((layers[0].weight.shape[1],), 0, 1))]
    for number, layer in enumerate(layers, 1):
        nodes.append(Node(f"synapse{number}", Dense(layer.weight), (nodes[-1].name,)))
        if layer.threshold:
            nodes.append(Node(f"neuron{number}", _neuron(layer), (nodes[-1].name,)))
    readout = FirstSpike(time_steps) if layers[-1].threshold else Membrane()
    return Model(name, (*nodes, Node("scores", readout, (nodes[-1].name,))), time_steps)


def _neuron(layer: Layer) -> IntegrateFire:
    return IntegrateFire(parameter(layer.threshold), strict=False, reset=Reset.ZERO, state_bits=layer.state_bits)


def layers_of(model: Model) -> tuple[Layer, ...]:
    """The layers of a model that is one of `model_of`, whatever its names. Raises ModelError naming the other node."""
    layers = []
    steps = list(model.nodes[1:-1])
    while steps:
        node = steps.pop(0)
        if not isinstance(node.op, Dense) or node.op.weight_bits != 8 or node.op.zero_free or node.op.bias.any():
            raise ModelError(node.name, "does not learn", "Use Dense layers with 8-bit weights and no bias")
        if steps:
            layers.append(_layer(node.op, steps.pop(0)))
        else:
            layers.append(Layer(node.op.weight, 0))
    _check_ends(model, bool(layers and layers[-1].threshold))
    return tuple(layers)


def _layer(dense: Dense, node: Node) -> Layer:
    op = node.op
    if not isinstance(op, IntegrateFire) or op.threshold.size != 1 or op.strict or op.bias.any():
        raise ModelError(
            node.name, "is no neuron that learns", "Use IntegrateFire with one threshold, no bias, strict=False"
        )
    if op.reset is not Reset.ZERO or not op.threshold.all():
        raise ModelError(node.name, "has another reset than to zero, or threshold 0", "Use Reset.ZERO, 1 or more")
    return Layer(dense.weight, int(op.threshold.reshape(())), op.state_bits)


def _check_ends(model: Model, fires: bool) -> None:
    first, last = model.input_op, model.nodes[-1]
    if (first.low, first.high) != (0, 1):
        raise ModelError(
            model.nodes[0].name, f"takes {first.low} to {first.high}", "A network that learns takes spikes"
        )
    op = last.op
    fine = isinstance(op, FirstSpike) and op.horizon >= model.time_steps if fires else op == Membrane()
    if not fine:
        raise ModelError(
            last.name, "is no readout that learns", "Use FirstSpike over all steps, or a Membrane that only sums"
        )


def with_layers(model: Model, layers: tuple[Layer, ...]) -> Model:
    """The model with other weights and thresholds in the same places; ranges are proven anew."""
    left = iter(layers)
    nodes = []
    for node in model.nodes:
        if isinstance(node.op, Dense):
            layer = next(left)
            node = replace(node, op=replace(node.op, weight=np.array(layer.weight)))
        elif isinstance(node.op, IntegrateFire):
            node = replace(node, op=replace(node.op, threshold=parameter(layer.threshold)))
        nodes.append(node)
    return model.replace(nodes=tuple(nodes))
