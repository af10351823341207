"""Neurons that are heard in turn."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.layers import StepScale


class Windows(nn.Module):
    """Spikes (T, batch, neurons) of the neurons whose turn it is; those of the others become 0.

    Time is divided into `count` equal parts, the neurons into as many groups, and a group is heard in its part alone.
    So the synapses behind it can weigh the beginning of a recording otherwise than its end.
    """

    def __init__(self, time_steps: int, count: int) -> None:
        super().__init__()
        self.gate = StepScale(time_steps, count, gain=1.0, unit=1)
        part = torch.arange(time_steps) * count // time_steps
        turns = (part[:, None] == torch.arange(count)).float()
        self.gate.scale = nn.Parameter(turns, requires_grad=False)

    def forward(self, spikes: Tensor) -> Tensor:
        return self.gate(spikes.unsqueeze(3)).flatten(2)  # type: ignore[no-any-return]
