"""Membrane potentials of few bits."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.layers import GradedLif, TernaryLif
from edgesnn.structure import ReplaceNeuron, apply
from edgesnn.structure.select import select_neurons


@STAGES.register("state")
@dataclass(frozen=True)
class State(Stage):
    """Gives neurons the quantised membrane of Q-SNN (`QuantizedLif`), keeping threshold and leak.

    bits: 8, 4 or 2. layers: patterns of neuron layers. A later stage, calibrate or train, finds the states' scale.
    """

    bits: int
    layers: tuple[str, ...] = ("all",)

    def __post_init__(self) -> None:
        if self.bits not in (2, 4, 8):
            raise ConfigError("state", f"bits {self.bits} is not 2, 4 or 8", "Choose one of them")

    def quantises(self, network: nn.Module) -> frozenset[str]:
        return frozenset(select_neurons(network, self.layers))

    def run(self, work: Work) -> Outcome:
        changes = self.rehearse(work.network)
        return Outcome(changes, (f"on {', '.join(change.layer for change in changes)}",))

    def rehearse(self, network: nn.Module) -> tuple[ReplaceNeuron, ...]:
        paths = select_neurons(network, self.layers)
        for path in paths:
            if isinstance(network.get_submodule(path), (TernaryLif, GradedLif)):
                raise ConfigError(path, "fires other than 0 or 1", "Give the alphabet stage its state_bits")
        changes = tuple(ReplaceNeuron(path, "quantized_lif", self.bits) for path in paths)
        apply(network, changes)
        return changes

    def __str__(self) -> str:
        return f"state {self.bits} bit, {' '.join(self.layers)}"
