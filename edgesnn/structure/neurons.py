"""The neuron that fires behind a layer, and the current that is its threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import nn

from edgesnn import layers
from edgesnn.errors import ModelError
from edgesnn.integer.ops.decay import ONE
from edgesnn.structure.change import CHANGES, Change, neuron_at, synapse_at


@CHANGES.register("neuron")
@dataclass(frozen=True)
class ReplaceNeuron(Change):
    """Another neuron with the leak of the one that is there and, unless its kind has its own, the threshold.

    kind: a name of NEURONS. state_bits: of the membrane potential, for kinds that quantise it. spike_bits: of a graded
    spike.
    """

    layer: str
    kind: str
    state_bits: int = 8
    spike_bits: int = 1

    def apply(self, network: nn.Module) -> None:
        old = neuron_at(network, self.layer)
        if self.kind not in NEURONS:
            raise ModelError(self.layer, f"neuron {self.kind!r:.80} is unknown", f"Known: {', '.join(NEURONS)}")
        new = NEURONS[self.kind](old, self)
        network.set_submodule(self.layer, new.train(old.training))


@CHANGES.register("unit")
@dataclass(frozen=True)
class Unit(Change):
    """A synapse layer's integer current that stands for 1.0, the threshold of the neuron behind it."""

    layer: str
    unit: int

    def apply(self, network: nn.Module) -> None:
        synapse = synapse_at(network, self.layer)
        synapse.unit = self.unit
        synapse.train(synapse.training)  # drops the integer form of the other unit


def leak(neuron: layers.Neuron) -> float:
    """The share of its potential that a neuron keeps from one step to the next. Raises ModelError."""
    if isinstance(neuron, (layers.Lif, layers.GradedLif)):
        return 1 - neuron.voltage_decay / ONE
    if isinstance(neuron, layers.QuantizedLif):
        return neuron.leak
    if isinstance(neuron, layers.TernaryLif):
        return neuron.keep
    if isinstance(neuron, layers.IntegrateFire):
        return 1.0
    raise ModelError(type(neuron).__name__, "has no leak that another neuron could take over", "Replace it by hand")


def leak_shift(neuron: layers.Neuron) -> int:
    """The shift k of a leak 1 - 2^-k, 0 for none. Raises ModelError where the leak is no such value."""
    lost = 1 - leak(neuron)
    shift = round(-math.log2(lost)) if lost > 0 else 0
    if lost > 0 and 2.0**-shift != lost:
        raise ModelError(
            type(neuron).__name__, f"loses {lost:g} of its potential a step, no power of two", "Use a leak such as 3/4"
        )
    return shift


NEURONS: Mapping[str, Callable[[layers.Neuron, ReplaceNeuron], layers.Neuron]] = {
    "lif": lambda old, _: layers.Lif(
        old.unit, round((1 - leak(old)) * ONE), strict=False, fraction_bits=0, state_bits=16
    ),
    "quantized_lif": lambda old, change: layers.QuantizedLif(old.unit, change.state_bits, leak(old)),
    "ternary_lif": lambda old, change: layers.TernaryLif(change.state_bits, leak_shift(old)),
    "graded_lif": lambda old, change: layers.GradedLif(old.unit, change.spike_bits, round((1 - leak(old)) * ONE)),
}
