"""Readouts: scores after every time step; those of the last step decide, ties to the lowest index."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops.decay import ONE
from edgesnn.integer.signal import Shape


class Membrane(nn.Module):
    """The potential of neurons that never fire: (T, batch, classes) currents to potentials after each step.

    `unit` is the potential that stands for 1.0 of the float network (2^fraction_bits currents are one potential).
    """

    def __init__(self, voltage_decay: int = 0, fraction_bits: int = 0) -> None:
        super().__init__()
        self.voltage_decay, self.fraction_bits = voltage_decay, fraction_bits

    def forward(self, x: Tensor) -> Tensor:
        if self.voltage_decay == 0:
            whole = x if self.training else x.double()
            return torch.cumsum(whole * (1 << self.fraction_bits), dim=0).to(x.dtype)
        v = torch.zeros(x.shape[1:], dtype=x.dtype if self.training else torch.float64)
        scale, keep = 1 << self.fraction_bits, ONE - self.voltage_decay
        steps = []
        for current in x:
            kept = v * keep / ONE
            v = (kept if self.training else torch.trunc(kept)) + current * scale
            steps.append(v)
        return torch.stack(steps).to(x.dtype)

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.Membrane(parameter(0), self.voltage_decay, self.fraction_bits),)


class SpikeCount(nn.Module):
    """Spikes counted so far."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cumsum(x, dim=0)

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.SpikeCount(),)


class FirstSpike(nn.Module):
    """horizon - t from a neuron's first spike at step t = 0, 1, ... on; 0 before it. No gradient through the time."""

    def __init__(self, horizon: int) -> None:
        super().__init__()
        self.horizon = horizon

    def forward(self, x: Tensor) -> Tensor:
        left = torch.clamp(self.horizon - torch.arange(len(x), dtype=x.dtype), min=0).reshape(-1, *(1,) * (x.ndim - 1))
        return torch.cummax(x * left, dim=0).values

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.FirstSpike(self.horizon),)
