"""Weights on a grid of few bits."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.layers.weights import GRIDS, quantiser
from edgesnn.structure import WeightGrid, apply
from edgesnn.structure.select import select_synapses
from edgesnn.target import nearest


@STAGES.register("weights")
@dataclass(frozen=True)
class Weights(Stage):
    """Puts the weights of `layers` on a grid; the float weights behind it stay, for training.

    kind: "binary" (Q-SNN), "zero_free" (QP-SNN), "dual_scale" (QT-SNN) or "linear". bits: 1, 2, 4 or 8. layers: see
    `edgesnn.structure.select`. gamma, percentile, leak: options of the zero-free grid.
    """

    kind: str
    bits: int
    layers: tuple[str, ...] = ("inner",)
    gamma: str | None = None
    percentile: float | None = None
    leak: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in GRIDS:
            raise ConfigError("weights", f"kind {self.kind!r:.80} is unknown", nearest(self.kind, GRIDS))
        if self.bits not in (1, 2, 4, 8):
            raise ConfigError("weights", f"bits {self.bits} is not 1, 2, 4 or 8", "Choose one of them")
        change = self._change("")
        quantiser(change.bits, change.grid, **change.options)

    def quantises(self, network: nn.Module) -> frozenset[str]:
        return frozenset(select_synapses(network, self.layers))

    def run(self, work: Work) -> Outcome:
        changes = self.rehearse(work.network)
        return Outcome(changes, (f"on {', '.join(change.layer for change in changes)}",))

    def rehearse(self, network: nn.Module) -> tuple[WeightGrid, ...]:
        changes = tuple(self._change(path) for path in select_synapses(network, self.layers))
        apply(network, changes)
        return changes

    def _change(self, path: str) -> WeightGrid:
        return WeightGrid(path, self.kind, self.bits, self.gamma, self.percentile, self.leak)

    def __str__(self) -> str:
        return f"weights {self.kind}, {self.bits} bit, {' '.join(self.layers)}"
