"""Neurons that are heard at the end of a recording alone."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.layers import StepScale


class LastSteps(nn.Module):
    """Spikes (T, batch, neurons) of the last `count` of `time_steps` steps; those before become 0."""

    def __init__(self, time_steps: int, count: int) -> None:
        super().__init__()
        self.gate = StepScale(time_steps, gain=1.0, unit=1)
        heard = torch.arange(time_steps) >= time_steps - count
        self.gate.scale = nn.Parameter(heard[:, None].float(), requires_grad=False)

    def forward(self, spikes: Tensor) -> Tensor:
        return self.gate(spikes.unsqueeze(3)).flatten(2)  # type: ignore[no-any-return]
