"""Training or fine-tuning."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.train.loop import Trainer


@STAGES.register("train")
@dataclass(frozen=True)
class Train(Stage):
    """Trains the network as it is now. What is None is as when it was first trained; see `edgesnn.train.recipe`."""

    epochs: int
    learning_rate: float | None = None
    batch: int | None = None
    weight_decay: float | None = None
    rate_weight: float | None = None
    rate_target: float | None = None
    shift: int | None = None
    flip: bool | None = None

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ConfigError("train", f"epochs {self.epochs} is not positive", "Give at least 1")
        if self.learning_rate is not None and not self.learning_rate > 0:
            raise ConfigError("train", f"learning_rate {self.learning_rate} is not positive", "Give e.g. 0.001")

    def run(self, work: Work) -> Outcome:
        given = {name: value for name, value in dataclasses.asdict(self).items() if value is not None}
        recipe = dataclasses.replace(work.training, **given, seed=work.seed)
        trainer = Trainer(work.network, recipe, work.fit, work.validation, work.checkpoint, teacher=work.teacher)
        trained = trainer.train(work.progress, work.tell)
        work.teacher = None
        return Outcome(notes=(f"loss {trained.losses[0]:.3f} to {trained.losses[-1]:.3f}",))

    def __str__(self) -> str:
        return f"train {self.epochs} epoch{'s' if self.epochs > 1 else ''}"
