"""The layers of a network that learns, and the integer model that they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.model import Encoding, Model, Node
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops import Dense, FirstSpike, Input, IntegrateFire, Membrane, RelPsp
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.signal import Array


@dataclass(frozen=True, eq=False)
class Layer:
    """Weight (outputs, inputs) of 8 bits and neurons.

    threshold: 0 for a last layer that does not fire. state_bits: of the potential, which saturates; none of ramps.
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


BRIGHTEST, FAINTEST = 255, 32
"""Of the values of a sample, from 0; what is less than the faintest sends no spike."""


def model_of(
    name: str,
    layers: tuple[Layer, ...],
    time_steps: int,
    ramps: bool = False,
    latency: int = 0,
    faintest: int = FAINTEST,
) -> Model:
    """The model of integrate-and-fire layers, or of ReL-PSP layers (ramps); scores are first spikes, or potentials if
    the last has threshold 0. latency: steps in which input spikes come, 0: all, or the first half for ramps; none come
    of values below the faintest."""
    nodes = [Node("x", Input((layers[0].weight.shape[1],), 0, 1))]
    for number, layer in enumerate(layers, 1):
        nodes.append(Node(f"synapse{number}", Dense(layer.weight), (nodes[-1].name,)))
        if layer.threshold:
            nodes.append(Node(f"neuron{number}", _neuron(layer, ramps), (nodes[-1].name,)))
    readout = FirstSpike(time_steps) if layers[-1].threshold else Membrane()
    nodes.append(Node("scores", readout, (nodes[-1].name,)))
    latency = latency or usual_latency(time_steps, ramps)
    encoding = Encoding(0, BRIGHTEST, 0, 0, repeat=False, latency=latency, faintest=faintest)
    return Model(name, tuple(nodes), time_steps, encoding=encoding)


def usual_latency(time_steps: int, ramps: bool) -> int:
    return time_steps // 2 if ramps else time_steps


def _neuron(layer: Layer, ramps: bool) -> Operator:
    if ramps:
        return RelPsp(parameter(layer.threshold))
    return IntegrateFire(parameter(layer.threshold), strict=False, reset=Reset.ZERO, state_bits=layer.state_bits)


def layers_of(model: Model, ramps: bool = False) -> tuple[Layer, ...]:
    """The layers of a model that is one of `model_of`, whatever its names. Raises ModelError naming the other node."""
    layers = []
    steps = list(model.nodes[1:-1])
    while steps:
        node = steps.pop(0)
        if not isinstance(node.op, Dense) or node.op.weight_bits != 8 or node.op.zero_free or node.op.bias.any():
            raise ModelError(node.name, "does not learn", "Use Dense layers with 8-bit weights and no bias")
        if steps:
            layers.append(_layer(node.op, steps.pop(0), ramps))
        else:
            layers.append(Layer(node.op.weight, 0))
    _check_ends(model, bool(layers and layers[-1].threshold))
    return tuple(layers)


def _layer(dense: Dense, node: Node, ramps: bool) -> Layer:
    op = node.op
    if not isinstance(op, IntegrateFire | RelPsp) or isinstance(op, RelPsp) != ramps or op.threshold.size != 1:
        wanted = "RelPsp with one threshold" if ramps else "IntegrateFire with one threshold, no bias, strict=False"
        raise ModelError(node.name, "is no neuron that learns by this rule", f"Use {wanted}")
    threshold = int(op.threshold.reshape(()))
    if isinstance(op, RelPsp):
        return Layer(dense.weight, threshold)
    if op.strict or op.bias.any():
        raise ModelError(node.name, "has a bias, or fires beyond its threshold only", "Use no bias, strict=False")
    if op.reset is not Reset.ZERO or not threshold:
        raise ModelError(node.name, "has another reset than to zero, or threshold 0", "Use Reset.ZERO, 1 or more")
    return Layer(dense.weight, threshold, op.state_bits)


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
        elif isinstance(node.op, IntegrateFire | RelPsp):
            node = replace(node, op=replace(node.op, threshold=parameter(layer.threshold)))
        nodes.append(node)
    return model.replace(nodes=tuple(nodes))
