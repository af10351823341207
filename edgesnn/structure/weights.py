"""The grid that a layer's weights lie on."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.errors import ModelError
from edgesnn.structure.change import CHANGES, Change, synapse_at


@CHANGES.register("weight_grid")
@dataclass(frozen=True)
class WeightGrid(Change):
    """A synapse layer's weights on a grid of `edgesnn.layers.weights.GRIDS`, with that grid's own options."""

    layer: str
    grid: str
    bits: int
    gamma: str | None = None
    percentile: float | None = None
    leak: float | None = None

    @property
    def options(self) -> dict[str, object]:
        """Those that are given."""
        given = {"gamma": self.gamma, "percentile": self.percentile, "leak": self.leak}
        return {name: value for name, value in given.items() if value is not None}

    def apply(self, network: nn.Module) -> None:
        synapse = synapse_at(network, self.layer)
        if synapse.folded:
            raise ModelError(self.layer, "is folded: its gain lies in its 8-bit weights", "Build it with folded=False")
        synapse.requantise(self.bits, self.grid, **self.options)
