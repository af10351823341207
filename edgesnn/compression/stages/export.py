"""The end: the integer model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.lower import lower


@STAGES.register("export")
@dataclass(frozen=True)
class Export(Stage):
    """Lowers the network to the integer model that is written. Every recipe ends with it, whether it says so or not."""

    changes_network: ClassVar[bool] = False

    def run(self, work: Work) -> Outcome:
        work.model = lower(work.network, work.name, work.metadata)
        return Outcome(notes=(f"{len(work.model.nodes)} operators",))

    def __str__(self) -> str:
        return "export"
