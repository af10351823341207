"""What reaches a layer or the network: how often, and how large."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from edgesnn.errors import ModelError
from edgesnn.structure.change import CHANGES, Change, input_at, synapse_at


@CHANGES.register("time_steps")
@dataclass(frozen=True)
class TimeSteps(Change):
    """The input layer presents each sample so many times."""

    layer: str
    steps: int

    def apply(self, network: nn.Module) -> None:
        source = input_at(network, self.layer)
        if not source.encoding.repeat or self.steps < 1:
            raise ModelError(self.layer, f"cannot present a sample {self.steps} times", "Its data have a time axis")
        source.time_steps = self.steps


@CHANGES.register("input_max")
@dataclass(frozen=True)
class InputMax(Change):
    """The largest input of a synapse layer: inputs count as x / largest."""

    layer: str
    largest: int

    def apply(self, network: nn.Module) -> None:
        synapse = synapse_at(network, self.layer)
        synapse.input_max = self.largest
        synapse.train(synapse.training)  # drops the integer form of the other scale
