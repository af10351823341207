"""The training loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn.errors import TrainingError
from edgesnn.layers import QuantConv1d, QuantConv2d, StepScale
from edgesnn.progress import Progress, silent
from edgesnn.train.augment import delayed, flipped, masked, shifted
from edgesnn.train.by_rule import ByRule
from edgesnn.train.checkpoint import Checkpoint
from edgesnn.train.data import Split
from edgesnn.train.distil import Remembered, Teacher
from edgesnn.train.loss import LOGITS, LOSSES, inner_rates, rate_penalty
from edgesnn.train.memory import keep_freed_memory
from edgesnn.train.processes import average_gradients, share
from edgesnn.train.processor import multiplies_bfloat16
from edgesnn.train.recipe import Recipe

FIRST_LOOK = 256
"""Samples that a network with a rule of its own looks at before it begins."""


@dataclass(frozen=True)
class Trained:
    """Validation accuracy after each epoch, and the epochs' mean losses."""

    accuracies: tuple[float, ...]
    losses: tuple[float, ...]


class Trainer:
    """Trains a network made of edgesnn.layers whose forward gives scores (T, batch, classes).

    A network with two heads returns the scores of both while it trains; without a teacher both learn the labels, with
    one the second imitates it.

    Args:
        network: has an attribute `unit`, the integer score that stands for 1.0; or is one `ByRule`.
        checkpoint: file to resume from and to write after every epoch; None keeps nothing.
        rank, world: this process and how many there are; see `edgesnn.train.processes`.
        teacher: a network to imitate besides learning the labels.
    """

    def __init__(
        self,
        network: nn.Module,
        recipe: Recipe,
        fit: Split,
        validation: Split,
        checkpoint: Path | None = None,
        rank: int = 0,
        world: int = 1,
        teacher: Teacher | Remembered | None = None,
    ) -> None:
        if recipe.batch % world:
            raise TrainingError("recipe", f"batch {recipe.batch} does not split over {world} processes", "Change it")
        if len(fit) < recipe.batch:
            raise TrainingError("recipe", f"{len(fit)} samples make no batch of {recipe.batch}", "Use a smaller batch")
        self.network, self.recipe, self.fit_split, self.validation = network, recipe, fit, validation
        self.rank, self.world, self.teacher = rank, world, teacher
        self.steps = len(fit) // recipe.batch
        if recipe.channels_last:
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        coarse = recipe.bfloat16 and multiplies_bfloat16()
        for layer in network.modules():
            if isinstance(layer, (QuantConv1d, QuantConv2d)):
                layer.precision = torch.bfloat16 if coarse else torch.float32
        self.optimizer = torch.optim.AdamW(decay_groups(network, recipe.weight_decay), lr=recipe.learning_rate)
        total = recipe.epochs * self.steps
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, recipe.learning_rate, total)
        self.checkpoint = Checkpoint(checkpoint, network, self.optimizer, self.schedule, recipe)

    def train(self, progress: Progress = silent, tell: Callable[[str], None] | None = None) -> Trained:
        """Runs the remaining epochs of the recipe and leaves the network in eval mode.

        progress hears of every step; tell gets a line an epoch.
        """
        keep_freed_memory()
        history = self.checkpoint.resume()
        if isinstance(self.network, ByRule) and not history:
            self.network.begin(self.fit_split.samples[:FIRST_LOOK])
        for epoch in range(len(history), self.recipe.epochs):
            loss = self._epoch(epoch, progress)
            accuracy = evaluate(self.network, self.validation)
            history.append((accuracy, loss))
            if tell:
                tell(
                    f"epoch {epoch + 1}/{self.recipe.epochs}: loss {loss:.4f}, "
                    f"validation accuracy {100 * accuracy:.2f} %"
                )
            if self.rank == 0:
                self.checkpoint.save(history)
        self.network.eval()
        return Trained(tuple(a for a, _ in history), tuple(loss for _, loss in history))

    def _epoch(self, epoch: int, progress: Progress) -> float:
        # the epoch's order and shifts depend on seed and epoch alone, so that a resumed run goes on as if never stopped
        generator = torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self.fit_split), generator=generator)
        total = 0.0
        for step in range(self.steps):
            chosen = order[step * self.recipe.batch : (step + 1) * self.recipe.batch]
            images = shifted(self.fit_split.samples[chosen], self.recipe.shift, generator)
            images = flipped(images, generator) if self.recipe.flip else images
            images = delayed(images, self.recipe.delay, generator)
            images = masked(images, self.recipe.mask, generator)
            total += self._step(epoch, step, images, chosen)
            progress(f"epoch {epoch + 1}, loss {total / (step + 1):.3f}", step + 1, self.steps)
        return total / self.steps

    def _step(self, epoch: int, step: int, images: Tensor, chosen: Tensor) -> float:
        set_progress(self.network, (epoch * self.steps + step) / (self.recipe.epochs * self.steps))
        self.network.train()
        images, chosen = (share(rows, self.rank, self.world) for rows in (images, chosen))
        loss = self.loss(self.network(images), images, chosen)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        average_gradients(self.network.parameters())
        self.optimizer.step()
        self.schedule.step()
        if isinstance(self.network, ByRule):
            self.network.adapt()
        value = float(loss.detach())
        if value != value:
            raise TrainingError(f"epoch {epoch}, step {step}", "the loss is not a number", "Lower learning_rate")
        return value

    def loss(self, scores: Tensor | tuple[Tensor, Tensor], images: Tensor, chosen: Tensor) -> Tensor:
        """scores (T, batch, classes), of one head or of two, for images that show the samples `chosen`."""
        labels = self.fit_split.labels[chosen]
        if isinstance(self.network, ByRule):
            assert isinstance(scores, Tensor)
            return self.network.loss(scores, labels)
        unit = float(self.network.unit)  # type: ignore[arg-type]
        heads = scores if isinstance(scores, tuple) else (scores,)
        if self.teacher is None:
            loss = torch.stack([LOSSES[self.recipe.loss](head, labels, unit) for head in heads]).mean()
        else:
            own, imitated = (LOGITS[self.recipe.loss](head, unit) for head in (heads[0], heads[-1]))
            loss = self.teacher.how.loss(own, imitated, labels, self.teacher.logits(images, chosen))
        rates = inner_rates(self.network)
        if rates and self.recipe.rate_weight:
            loss = loss + self.recipe.rate_weight * rate_penalty(rates, self.recipe.rate_target)
        return loss


def decay_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Weight decay on the synapses' weights only, not on biases, normalisation and scales of time steps."""
    scales = {p for module in network.modules() if isinstance(module, StepScale) for p in module.parameters()}
    weights = [p for p in network.parameters() if p.ndim > 1 and p not in scales]
    others = [p for p in network.parameters() if p.ndim <= 1 or p in scales]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def set_progress(network: nn.Module, fraction: float) -> None:
    """Tells every layer that follows a schedule how much of the training is done."""
    for module in network.modules():
        if hasattr(module, "set_progress"):
            module.set_progress(fraction)  # type: ignore[operator]


@torch.no_grad()
def evaluate(network: nn.Module, split: Split, batch: int = 100) -> float:
    """Accuracy in eval mode: that of the integer model. Largest score after the last step, ties to the lowest index."""
    keep_freed_memory()
    network.eval()
    right = 0
    for i in range(0, len(split), batch):
        scores = network(split.samples[i : i + batch])[-1]
        right += int((scores.argmax(dim=1) == split.labels[i : i + batch]).sum())
    return right / len(split)
