"""Thresholds that fall while a layer is too quiet: a guard against neurons that fire, and hence learn, no more."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AdaptiveThreshold(nn.Module):
    """threshold *= 1 + rate (r - target), within [low, high]; r is the running mean of the fraction that spikes.

    It adapts in training only; afterwards it is a constant of the network.
    """

    value: Tensor
    running: Tensor

    def __init__(
        self, target: float = 0.15, rate: float = 0.05, low: float = 1 / 16, high: float = 16.0, memory: float = 0.9
    ) -> None:
        super().__init__()
        self.target, self.rate, self.low, self.high, self.memory = target, rate, low, high, memory
        self.register_buffer("value", torch.ones(()))
        self.register_buffer("running", torch.full((), target))

    def adapt(self, fraction: Tensor) -> None:
        """Takes the fraction of neurons (and steps) that spiked in a batch."""
        self.running.lerp_(fraction.to(self.running), 1 - self.memory)
        self.value.mul_(1 + self.rate * (self.running - self.target)).clamp_(self.low, self.high)
