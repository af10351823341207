"""The linear network that QT-SNN imitates on EEG: it weighs every channel's mean level at the end of the time."""

from __future__ import annotations

from torch import Tensor, nn

LEVEL = 4.0
"""Thresholds that the teacher counts as 1.0."""


class LinearTeacher(nn.Module):
    """Ternary spikes (batch, T, inputs) to scores (1, batch, classes) in float, without bias, as its student has none.

    A level is the sum of spikes so far; what counts is its mean over the last `heard` steps.
    """

    def __init__(self, inputs: int = 28, classes: int = 2, heard: int = 10) -> None:
        super().__init__()
        self.unit, self.heard = 1.0, heard
        self.weigh = nn.Linear(inputs, classes, bias=False)
        nn.init.zeros_(self.weigh.weight)

    def forward(self, raw: Tensor) -> Tensor:
        levels = raw.float().cumsum(dim=1) / LEVEL
        return self.weigh(levels[:, -self.heard :].mean(dim=1)).unsqueeze(0)  # type: ignore[no-any-return]

    def weights(self) -> Tensor:
        """(classes, inputs): of a level in thresholds; what all classes have in common is left out."""
        weight = self.weigh.weight.detach()
        return (weight - weight.mean(dim=0)) / LEVEL
