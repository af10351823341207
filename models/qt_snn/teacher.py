"""The linear network that QT-SNN imitates on EEG: it weighs every channel's mean level in each part of the time."""

from __future__ import annotations

from torch import Tensor, nn

LEVEL = 4.0
"""Thresholds that the teacher counts as 1.0."""


class LinearTeacher(nn.Module):
    """Ternary spikes (batch, T, inputs) to scores (1, batch, classes) in float. A level is the sum of spikes so far."""

    def __init__(self, inputs: int = 28, classes: int = 2, windows: int = 5) -> None:
        super().__init__()
        self.unit, self.windows = 1.0, windows
        self.weigh = nn.Linear(inputs * windows, classes)
        nn.init.zeros_(self.weigh.weight)

    def forward(self, raw: Tensor) -> Tensor:
        levels = raw.float().cumsum(dim=1) / LEVEL
        means = levels.reshape(len(levels), self.windows, -1, levels.shape[2]).mean(dim=2)
        return self.weigh(means.flatten(1)).unsqueeze(0)  # type: ignore[no-any-return]
