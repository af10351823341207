"""Checkpoints: everything a run needs to go on as if it had never stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch import nn

from edgesnn.errors import FileError
from edgesnn.train.recipe import Recipe


class Checkpoint:
    """One file, written whole or not at all, read with `weights_only=True`.

    Layers keep their schedule positions and frozen scales in buffers, so that the network's state is complete.
    """

    def __init__(
        self,
        path: Path | None,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        recipe: Recipe,
    ) -> None:
        self.path, self.recipe = path, recipe
        self.parts: dict[str, Any] = {"network": network, "optimizer": optimizer, "schedule": schedule}

    def resume(self) -> list[tuple[float, float]]:
        """Loads the file if there is one; returns the (accuracy, loss) of the epochs already done.

        Raises FileError where the file is damaged or belongs to another recipe.
        """
        if self.path is None or not self.path.exists():
            return []
        try:
            saved = torch.load(self.path, weights_only=True)
        except Exception as error:  # torch raises many kinds for a damaged file
            raise FileError(str(self.path), f"is no checkpoint ({type(error).__name__})", "Delete it") from None
        if not isinstance(saved, dict) or saved.get("recipe") != self.recipe.to_dict():
            raise FileError(str(self.path), "belongs to another recipe", "Delete it, or train with that recipe")
        for name, part in self.parts.items():
            part.load_state_dict(saved[name])
        return [(float(accuracy), float(loss)) for accuracy, loss in saved["history"]]

    def save(self, history: list[tuple[float, float]]) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(self.path.suffix + ".part")
        states = {name: part.state_dict() for name, part in self.parts.items()}
        torch.save({**states, "recipe": self.recipe.to_dict(), "history": history}, partial)
        os.replace(partial, self.path)
