"""Recipes of compression: a list of stages that can be printed, stored and run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.compression import named
from edgesnn.compression.stages import STAGES, Export, Stage, Train
from edgesnn.errors import ConfigError
from edgesnn.target import nearest
from edgesnn.train.tables import read_tables

KEYS = ("summary", "stages")


@dataclass(frozen=True)
class CompressionRecipe:
    """Stages in order, and what they are for in one line. The last stage is always `export`."""

    name: str
    stages: tuple[Stage, ...]
    summary: str = ""

    def __post_init__(self) -> None:
        if not any(isinstance(stage, Export) for stage in self.stages):
            object.__setattr__(self, "stages", (*self.stages, Export()))

    @staticmethod
    def of(name: str, tables: Mapping[str, Any]) -> CompressionRecipe:
        """A recipe of tables, as a file holds them. Raises ConfigError naming the stage and key that are wrong."""
        for key in tables:
            if key not in KEYS:
                raise ConfigError(name, f"unknown key {key!r:.80}", nearest(str(key), KEYS))
        listed, summary = tables.get("stages"), tables.get("summary", "")
        if not isinstance(listed, (list, tuple)) or not listed:
            raise ConfigError(name, "has no stages", "Write [[stages]] for each")
        if not isinstance(summary, str):
            raise ConfigError(name, f"its summary is {summary!r:.80}", "Give a text")
        stages = tuple(STAGES.read(table, f"{name}, stage {number + 1}") for number, table in enumerate(listed))
        return CompressionRecipe(name, stages, summary)

    @staticmethod
    def load(recipe: str | Path) -> CompressionRecipe:
        """The recipe of that name, or in that .toml or .json file. Raises ConfigError or FileError."""
        path = Path(recipe)
        if path.suffix in (".toml", ".json"):
            return CompressionRecipe.of(path.stem, read_tables(path))
        return CompressionRecipe.of(str(recipe), read_tables(named.path(str(recipe))))

    def with_epochs(self, epochs: int | None) -> CompressionRecipe:
        """The same with every training stage this long; None changes nothing."""
        if epochs is None:
            return self
        changed = (dataclasses.replace(s, epochs=epochs) if isinstance(s, Train) else s for s in self.stages)
        return dataclasses.replace(self, stages=tuple(changed))

    def to_dict(self) -> dict[str, Any]:
        """What `of` reads, JSON-able; keys left at None are left out."""
        return {"summary": self.summary, "stages": [stage_table(stage) for stage in self.stages]}


def stage_table(stage: Stage) -> dict[str, Any]:
    """The table of one stage."""
    return {key: value for key, value in STAGES.write(stage).items() if value is not None}
