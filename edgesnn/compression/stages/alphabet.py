"""What a spike may say: 0 or 1; -1, 0 or 1; or a small number."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.layers import GradedLif, Neuron, Synapse
from edgesnn.structure import Change, InputMax, ReplaceNeuron, Unit, apply, neuron_at, synapse_at
from edgesnn.structure.select import select_neurons
from edgesnn.structure.wiring import Wiring, wiring
from edgesnn.target import nearest

NEURON_OF = {"binary": "lif", "ternary": "ternary_lif", "graded": "graded_lif"}


@STAGES.register("alphabet")
@dataclass(frozen=True)
class Alphabet(Stage):
    """Replaces the neurons of `layers` by others that keep the leak, and fits the synapses around them.

    kind: "binary", "ternary" (QT-SNN) or "graded". state_bits: of a ternary neuron's membrane, 8, 4 or 2. spike_bits:
    of a graded spike, 1 to 4.
    """

    kind: str
    state_bits: int = 8
    spike_bits: int = 2
    layers: tuple[str, ...] = ("all",)

    def __post_init__(self) -> None:
        if self.kind not in NEURON_OF:
            raise ConfigError("alphabet", f"kind {self.kind!r:.80} is unknown", nearest(self.kind, NEURON_OF))
        if self.state_bits not in (2, 4, 8):
            raise ConfigError("alphabet", f"state_bits {self.state_bits} is not 2, 4 or 8", "Choose one of them")
        if not 1 <= self.spike_bits <= 4:
            raise ConfigError("alphabet", f"spike_bits {self.spike_bits} is outside 1..4", "Choose 1 to 4")

    def run(self, work: Work) -> Outcome:
        changes = self.rehearse(work.network)
        return Outcome(changes, (f"on {', '.join(select_neurons(work.network, self.layers))}",))

    def rehearse(self, network: nn.Module) -> tuple[Change, ...]:
        levels = {path: largest_spike(neuron_at(network, path)) for path in select_neurons(network, ("all",))}
        around = wiring(network)
        spike_bits = self.spike_bits if self.kind == "graded" else 1
        neurons = tuple(
            ReplaceNeuron(path, NEURON_OF[self.kind], self.state_bits, spike_bits)
            for path in select_neurons(network, self.layers)
        )
        apply(network, neurons)
        fitted = (*units(network, around), *input_ranges(network, around, levels))
        apply(network, fitted)
        return (*neurons, *fitted)

    def __str__(self) -> str:
        detail = {"ternary": f", state {self.state_bits} bit", "graded": f", {self.spike_bits} bit"}
        return f"alphabet {self.kind}{detail.get(self.kind, '')}, {' '.join(self.layers)}"


def largest_spike(neuron: Neuron) -> int:
    return neuron.levels if isinstance(neuron, GradedLif) else 1


def units(network: nn.Module, around: Wiring) -> list[Change]:
    """The unit of every synapse becomes the threshold of the neurons it drives.

    Raises ConfigError where one drives neurons of different thresholds.
    """
    wanted: dict[str, set[int]] = {}
    for path, drivers in around.drivers.items():
        for driver in drivers:
            wanted.setdefault(driver, set()).add(neuron_at(network, path).unit)
    changes: list[Change] = []
    for path, thresholds in wanted.items():
        synapse = network.get_submodule(path)
        if isinstance(synapse, Synapse) and len(thresholds) > 1:
            raise ConfigError(
                path, f"drives neurons of thresholds {sorted(thresholds)}", "Replace all of them, or none"
            )
        if isinstance(synapse, Synapse) and thresholds != {synapse.unit}:
            changes.append(Unit(path, *thresholds))
    return changes


def input_ranges(network: nn.Module, around: Wiring, before: dict[str, int]) -> list[Change]:
    """The largest input of every synapse grows and shrinks with the largest spike that reaches it."""
    largest: dict[str, list[tuple[int, int]]] = {}
    for path, readers in around.readers.items():
        for reader in readers:
            largest.setdefault(reader, []).append((before[path], largest_spike(neuron_at(network, path))))
    changes: list[Change] = []
    for path, pairs in largest.items():
        old, new = (max(sizes) for sizes in zip(*pairs, strict=True))
        if old != new:
            changes.append(InputMax(path, synapse_at(network, path).input_max // old * new))
    return changes
