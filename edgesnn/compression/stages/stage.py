"""What every stage is: data that can be printed and stored, and a way to carry it out."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from edgesnn.compression.work import Work
from edgesnn.kinds import Kinds
from edgesnn.structure import Change


@dataclass(frozen=True)
class Outcome:
    """What a stage did: the changes of structure it made, and in words what a user should know."""

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage(abc.ABC):
    """One step of a recipe. A stage with a field out of range raises ConfigError when it is made."""

    changes_network: ClassVar[bool] = True
    """Whether the network is another one afterwards. A stage for which it is not is carried out again on resuming."""

    @abc.abstractmethod
    def run(self, work: Work) -> Outcome:
        """Changes the network that is worked on."""

    def rehearse(self, network: nn.Module) -> tuple[Change, ...]:
        """Makes changes like those of `run`, and returns them, without data. Raises what `run` would raise."""
        return ()

    def quantises(self, network: nn.Module) -> frozenset[str]:
        """Paths of the layers that it puts on a grid."""
        return frozenset()

    @abc.abstractmethod
    def __str__(self) -> str:
        """What it does, in a few words."""


STAGES: Kinds[Stage] = Kinds("stage")
