"""What a recipe's [distillation] table says: who teaches, and how."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.train.distil import Distillation


@dataclass(frozen=True)
class Lesson:
    """teacher: a recipe file, relative to the student's, whose network learns the same data set first.

    alpha, temperature, soft: as in `Distillation`. start: before it learns, the student takes from the trained teacher
    what it can, by its method `start_from`. Raises ConfigError where they are out of range.
    """

    teacher: str
    alpha: float = 0.5
    temperature: float = 1.0
    soft: bool = False
    start: bool = False

    def __post_init__(self) -> None:
        _ = self.how

    @property
    def how(self) -> Distillation:
        return Distillation(self.alpha, self.temperature, self.soft)
