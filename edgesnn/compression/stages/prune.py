"""Whole channels that go."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.prune import METHODS, last_convolution, prune
from edgesnn.structure import Change
from edgesnn.structure.select import select_synapses
from edgesnn.target import nearest


@STAGES.register("prune")
@dataclass(frozen=True)
class Prune(Stage):
    """Removes channels from the layers that make them and from those that read them.

    method: "svs" (QP-SNN), "magnitude" or "random". ratio: share of each layer's channels that goes, rounded up.
    layers: patterns of synapse layers; the last convolution keeps its outputs unless `last_convolution`. batches: of
    128 training samples that svs looks at. seed: of the random choice; None is the run's.
    """

    ratio: float
    method: str = "svs"
    layers: tuple[str, ...] = ("conv",)
    batches: int = 5
    seed: int | None = None
    last_convolution: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ConfigError("prune", f"method {self.method!r:.80} is unknown", nearest(self.method, METHODS))
        if not 0 < self.ratio < 1:
            raise ConfigError("prune", f"ratio {self.ratio} is not between 0 and 1", "Give e.g. 0.5")
        if self.batches < 1:
            raise ConfigError("prune", f"batches {self.batches} is not positive", "Give e.g. 5")

    def run(self, work: Work) -> Outcome:
        seed = work.seed if self.seed is None else self.seed
        layers = self.candidates(work.network)
        pruned = prune(work.network, self.method, self.ratio, layers, work.batches(self.batches), seed)
        kept = [f"{path} keeps {left} of {total}" for path, (left, total) in pruned.choice.kept.items()]
        stayed = [f"{path} stays whole: {reason}" for path, reason in pruned.choice.passed_over.items()]
        return Outcome(pruned.changes, (*kept, *stayed))

    def rehearse(self, network: nn.Module) -> tuple[Change, ...]:
        return prune(network, "random", self.ratio, self.candidates(network), []).changes

    def candidates(self, network: nn.Module) -> list[str]:
        """The layers that may lose channels."""
        spared = [] if self.last_convolution else last_convolution(network)
        return [path for path in select_synapses(network, self.layers) if path not in spared]

    def __str__(self) -> str:
        return f"prune {self.method}, {100 * self.ratio:g} %, {' '.join(self.layers)}"
