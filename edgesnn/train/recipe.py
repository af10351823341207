"""What a training run does: data a user can print, store with the model and run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edgesnn.errors import ConfigError
from edgesnn.train.tables import record_of

LOSSES = ("steps", "final")


@dataclass(frozen=True)
class Recipe:
    """A training run. Same recipe, same data, same machine: same weights.

    dataset: a name of edgesnn.datasets, whose split "validation" is held out. learning_rate: peak of a one-cycle
    schedule. rate_weight, rate_target: spike regulation. shift: augmentation in pixels.
    flip: mirror half of the images. delay: move spike trains in time by up to so many steps.
    mask: silence up to so many neighbouring channels of each spike train.
    copies: altered copies of each training recording, drawn once (`edgesnn.train.recordings`). blend: the copies are
    blends of recordings instead, with so much of the difference of two others. whole: learn from the split "validation"
    too, once everything has been chosen on it. loss: "steps", the mean
    over steps of the cross-entropy of what each adds to the scores, or "final", that of the scores after the last one.
    channels_last: keep images and activations in that memory order while training, which is faster from some tens of
    channels on and changes the order in which floats add up. bfloat16: keep what convolutions put out, and all that
    follows until the next dense layer, in that format while training, on processors that multiply it in hardware;
    others stay with float32, which is faster there. limit: training samples used.
    """

    dataset: str = "mnist"
    epochs: int = 15
    batch: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    rate_weight: float = 5e-3
    rate_target: float = 0.5
    shift: int = 2
    flip: bool = False
    delay: int = 0
    mask: int = 0
    copies: int = 0
    blend: float = 0.0
    whole: bool = False
    loss: str = "steps"
    channels_last: bool = False
    bfloat16: bool = False
    limit: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise ConfigError("recipe", f"{name} {getattr(self, name)} is not positive", "Give at least 1")
        for name in ("shift", "delay", "mask", "copies"):
            if getattr(self, name) < 0:
                raise ConfigError("recipe", f"{name} {getattr(self, name)} is negative", "Give 0 or more")
        if self.loss not in LOSSES:
            raise ConfigError("recipe", f"loss {self.loss!r} is unknown", f"Choose one of {', '.join(LOSSES)}")
        if not self.learning_rate > 0:
            raise ConfigError("recipe", f"learning_rate {self.learning_rate} is not positive", "Give e.g. 0.002")

    @staticmethod
    def of(values: Mapping[str, Any]) -> Recipe:
        """A recipe of a mapping, such as a TOML table. Raises ConfigError naming an unknown key and the nearest one."""
        return record_of(Recipe, values, "recipe")

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)
