"""What a training run does: data a user can print, store with the model and run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edgesnn.errors import ConfigError


@dataclass(frozen=True)
class Recipe:
    """A training run. Same recipe, same data, same machine: same weights.

    dataset: a name of edgesnn.datasets, whose split "validation" is held out. learning_rate: peak of a one-cycle
    schedule. rate_weight, rate_target: spike regulation. shift: augmentation in pixels. limit: training samples used.
    """

    dataset: str = "mnist"
    epochs: int = 15
    batch: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    rate_weight: float = 5e-3
    rate_target: float = 0.5
    shift: int = 2
    limit: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise ConfigError("recipe", f"{name} {getattr(self, name)} is not positive", "Give at least 1")
        if not self.learning_rate > 0:
            raise ConfigError("recipe", f"learning_rate {self.learning_rate} is not positive", "Give e.g. 0.002")

    @staticmethod
    def of(values: Mapping[str, Any]) -> Recipe:
        """A recipe of a mapping, such as a TOML table. Raises ConfigError naming an unknown key and the nearest one."""
        from edgesnn.target import nearest

        known = {field.name for field in dataclasses.fields(Recipe)}
        for key in values:
            if key not in known:
                raise ConfigError("recipe", f"unknown key {key!r}", nearest(key, known))
        return Recipe(**values)

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)
