"""Knowledge distillation: a network is trained on what a teacher says besides the labels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edgesnn.errors import ConfigError


@dataclass(frozen=True)
class Distillation:
    """L = (1 - alpha) CE(own, labels) + alpha * imitation(imitated, teacher).

    Hard: imitation = CE(imitated, argmax teacher). Soft: imitation = temperature^2 KL(softmax(teacher / temperature) ||
    softmax(imitated / temperature)), the mean over the batch (Hinton et al., arXiv:1503.02531). A network with two
    heads imitates with its second one, as BESTformer does (Cao et al., IJCAI 2025); a network with one passes it twice.

    Args:
        alpha: 0 (labels only) to 1 (teacher only).
        temperature: above 0; of the soft form only.

    Raises ConfigError where alpha or temperature is out of range.
    """

    alpha: float = 0.5
    temperature: float = 1.0
    soft: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.alpha <= 1:
            raise ConfigError("distillation", f"alpha {self.alpha} is outside 0..1", "Give e.g. 0.5")
        if not self.temperature > 0:
            raise ConfigError("distillation", f"temperature {self.temperature} is not positive", "Give e.g. 2.0")

    def loss(self, own: Tensor, imitated: Tensor, labels: Tensor, teacher: Tensor) -> Tensor:
        """own, imitated: logits (batch, classes), or (T, batch, classes) for a mean over steps; labels (batch,);
        teacher: logits (batch, classes), through which no gradient flows."""
        return (1 - self.alpha) * stepwise(F.cross_entropy, own, labels) + self.alpha * self.imitation(
            imitated, teacher
        )

    def imitation(self, imitated: Tensor, teacher: Tensor) -> Tensor:
        """How far `imitated` is from the teacher; shapes as in `loss`."""
        teacher = teacher.detach()
        if not self.soft:
            return stepwise(F.cross_entropy, imitated, teacher.argmax(dim=-1))
        wanted = F.log_softmax(teacher / self.temperature, dim=-1)
        return self.temperature**2 * stepwise(self._divergence, imitated, wanted)

    def _divergence(self, logits: Tensor, wanted: Tensor) -> Tensor:
        own = F.log_softmax(logits / self.temperature, dim=-1)
        return F.kl_div(own, wanted, reduction="batchmean", log_target=True)


def stepwise(loss, logits: Tensor, target: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
    """A loss of (batch, classes), averaged over the time steps where `logits` has them: (T, batch, classes)."""
    if logits.ndim == 2:
        return loss(logits, target)  # type: ignore[no-any-return]
    return torch.stack([loss(step, target) for step in logits]).mean()


@dataclass(frozen=True)
class Teacher:
    """Who is imitated, and how. network: scores (T, batch, classes), with an attribute `unit` for 1.0, or logits
    (batch, classes), of the same raw samples. It is put in eval mode and gets no gradient."""

    network: nn.Module
    how: Distillation = Distillation()

    @torch.no_grad()
    def logits(self, samples: Tensor, chosen: Tensor | None = None) -> Tensor:
        """(batch, classes) of raw samples; which of the training split they show does not matter."""
        self.network.eval()
        scores: Tensor = self.network(samples)
        scores = scores[-1] / len(scores) if scores.ndim == 3 else scores
        return scores / float(getattr(self.network, "unit", 1.0))

    def remembered(self, samples: Tensor, batch: int = 500) -> Remembered:
        """This teacher with its answers to the whole training split, asked once."""
        return Remembered(torch.cat([self.logits(part) for part in torch.split(samples, batch)]), self.how)


@dataclass(frozen=True)
class Remembered:
    """A teacher's answers to the samples as they are: an augmented sample gets that of its original.

    table: logits (n, classes) of the training split.
    """

    table: Tensor
    how: Distillation = Distillation()

    def logits(self, samples: Tensor, chosen: Tensor) -> Tensor:
        """(batch, classes) of the training samples `chosen`."""
        return self.table[chosen]
