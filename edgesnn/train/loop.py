"""The training loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn.errors import TrainingError
from edgesnn.progress import Progress, silent
from edgesnn.train.augment import shifted
from edgesnn.train.checkpoint import Checkpoint
from edgesnn.train.loss import inner_rates, rate_penalty, temporal_cross_entropy
from edgesnn.train.memory import keep_freed_memory
from edgesnn.train.processes import average_gradients, share
from edgesnn.train.recipe import Recipe


@dataclass(frozen=True)
class Split:
    """Raw samples (n, ...) and labels (n,)."""

    samples: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Trained:
    """Validation accuracy after each epoch, and the epochs' mean losses."""

    accuracies: tuple[float, ...]
    losses: tuple[float, ...]


class Trainer:
    """Trains a network made of edgesnn.layers whose forward gives scores (T, batch, classes).

    Args:
        network: has an attribute `unit`, the integer score that stands for 1.0.
        checkpoint: file to resume from and to write after every epoch; None keeps nothing.
        rank, world: this process and how many there are; see `edgesnn.train.processes`.
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
    ) -> None:
        if recipe.batch % world:
            raise TrainingError("recipe", f"batch {recipe.batch} does not split over {world} processes", "Change it")
        if len(fit) < recipe.batch:
            raise TrainingError("recipe", f"{len(fit)} samples make no batch of {recipe.batch}", "Use a smaller batch")
        self.network, self.recipe, self.fit_split, self.validation = network, recipe, fit, validation
        self.rank, self.world = rank, world
        self.steps = len(fit) // recipe.batch
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
            total += self._step(epoch, step, images, self.fit_split.labels[chosen])
            progress(f"epoch {epoch + 1}, loss {total / (step + 1):.3f}", step + 1, self.steps)
        return total / self.steps

    def _step(self, epoch: int, step: int, images: Tensor, labels: Tensor) -> float:
        set_progress(self.network, (epoch * self.steps + step) / (self.recipe.epochs * self.steps))
        self.network.train()
        images, labels = (share(rows, self.rank, self.world) for rows in (images, labels))
        loss = self.loss(self.network(images), labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        average_gradients(self.network.parameters())
        self.optimizer.step()
        self.schedule.step()
        value = float(loss.detach())
        if value != value:
            raise TrainingError(f"epoch {epoch}, step {step}", "the loss is not a number", "Lower learning_rate")
        return value

    def loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        loss = temporal_cross_entropy(scores, labels, float(self.network.unit))  # type: ignore[arg-type]
        rates = inner_rates(self.network)
        if rates and self.recipe.rate_weight:
            loss = loss + self.recipe.rate_weight * rate_penalty(rates, self.recipe.rate_target)
        return loss


def decay_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Weight decay on the synapses' weights only, not on biases and normalisation."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def set_progress(network: nn.Module, fraction: float) -> None:
    """Tells every layer that follows a schedule how much of the training is done."""
    for module in network.modules():
        if hasattr(module, "set_progress"):
            module.set_progress(fraction)  # type: ignore[operator]


@torch.no_grad()
def evaluate(network: nn.Module, split: Split, batch: int = 500) -> float:
    """Accuracy in eval mode: that of the integer model. Largest score after the last step, ties to the lowest index."""
    network.eval()
    right = 0
    for i in range(0, len(split), batch):
        scores = network(split.samples[i : i + batch])[-1]
        right += int((scores.argmax(dim=1) == split.labels[i : i + batch]).sum())
    return right / len(split)
