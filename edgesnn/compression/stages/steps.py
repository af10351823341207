"""How often a sample is presented."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.layers import QuantInput
from edgesnn.lower.lower import input_layer
from edgesnn.structure import TimeSteps, apply
from edgesnn.structure.select import execution_order


@STAGES.register("steps")
@dataclass(frozen=True)
class Steps(Stage):
    """Presents each sample for `time_steps` steps. Only for networks whose input repeats one sample."""

    time_steps: int

    def __post_init__(self) -> None:
        if self.time_steps < 1:
            raise ConfigError("steps", f"time_steps {self.time_steps} is not positive", "Give at least 1")

    def run(self, work: Work) -> Outcome:
        before = input_layer(work.network).time_steps
        return Outcome(self.rehearse(work.network), (f"from {before} to {self.time_steps}",))

    def rehearse(self, network: nn.Module) -> tuple[TimeSteps, ...]:
        changes = tuple(TimeSteps(path, self.time_steps) for path in execution_order(network, QuantInput))
        apply(network, changes)
        return changes

    def __str__(self) -> str:
        return f"{self.time_steps} time step{'s' if self.time_steps > 1 else ''}"
