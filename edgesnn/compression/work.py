"""What the stages of a run share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn.integer import Metadata, Model
from edgesnn.progress import Progress, silent
from edgesnn.train.data import Split
from edgesnn.train.distil import Teacher
from edgesnn.train.recipe import Recipe


@dataclass
class Work:
    """A network on its way through the stages.

    name: of the model to be. network: the one that is changed, and started: how it was in the beginning. training: how
    it was trained; a training stage replaces some of it. data: what that is done on, in words. teachers: networks that
    recipes may name. teacher: whom the next training stage imitates. model: the integer model, once exported.
    checkpoint: file that a training stage resumes from, None for none.
    """

    name: str
    network: nn.Module
    started: nn.Module
    fit: Split
    validation: Split
    training: Recipe
    data: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    teachers: Mapping[str, nn.Module] = field(default_factory=dict)
    seed: int = 0
    progress: Progress = silent
    tell: Callable[[str], None] | None = None
    teacher: Teacher | None = None
    model: Model | None = None
    checkpoint: Path | None = None

    def batches(self, count: int, size: int = 128) -> list[Tensor]:
        """Raw training samples, not augmented: `count` batches drawn by the seed, fewer where the data end."""
        generator = torch.Generator().manual_seed(self.seed)
        chosen = torch.randperm(len(self.fit), generator=generator)[: count * size]
        return [self.fit.samples[part] for part in torch.split(chosen, size)]
