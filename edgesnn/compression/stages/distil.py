"""Whom the next training stage imitates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.structure.copying import copied
from edgesnn.train.distil import Distillation, Teacher
from edgesnn.train.job import pretrained

SELF = "self"


@STAGES.register("distil")
@dataclass(frozen=True)
class Distil(Stage):
    """The next training stage learns from a teacher besides the labels.

    teacher: a zoo name, a name that the caller of `edgesnn.compress` gave a network, or "self", the network as it was
    before compression. alpha: the teacher's share of the loss. soft: imitate its probabilities at this temperature
    instead of its decisions.
    """

    changes_network: ClassVar[bool] = False

    teacher: str = SELF
    alpha: float = 0.5
    temperature: float = 1.0
    soft: bool = False

    def __post_init__(self) -> None:
        Distillation(self.alpha, self.temperature, self.soft)

    def run(self, work: Work) -> Outcome:
        how = Distillation(self.alpha, self.temperature, self.soft)
        work.teacher = Teacher(self.find(work), how)
        return Outcome()

    def find(self, work: Work) -> nn.Module:
        """The teacher. Raises ConfigError, ModelError or FileError where there is none, or its classes are others."""
        if self.teacher in work.teachers:
            found = work.teachers[self.teacher]
        else:
            found = copied(work.started) if self.teacher == SELF else pretrained(self.teacher)
        teacher, samples = Teacher(found), work.validation.samples[:2]
        classes, wanted = teacher.logits(samples).shape[-1], Teacher(work.started).logits(samples).shape[-1]
        if classes != wanted:
            raise ConfigError(f"teacher {self.teacher}", f"knows {classes} classes, not {wanted}", "Name another one")
        return found.eval()

    def __str__(self) -> str:
        form = f"soft, temperature {self.temperature:g}" if self.soft else "hard"
        return f"distil from {self.teacher}, {form}, alpha {self.alpha:g}"
