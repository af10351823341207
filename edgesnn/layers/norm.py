"""Normalisation of each channel over batch, time and space; a gain and an offset once training is over."""

from __future__ import annotations

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from edgesnn.layers.shared import several, shared_mean

MOMENTUM = 0.1
EPSILON = 1e-5


class ChannelNorm(nn.Module):
    """y = weight * (x - mean) / sqrt(var + eps) + bias, channel axis 1 (Ioffe & Szegedy 2015).

    With torch.distributed initialised the statistics are those of all processes together, so that two processes with
    half a batch each train like one with the whole batch.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))
        self.mean: Tensor
        self.var: Tensor

    def forward(self, x: Tensor, unit: float) -> Tensor:
        """unit * y with the statistics of this batch (over all processes), blended into the running ones."""
        if not several():
            weight, bias = unit * self.weight, unit * self.bias
            planes = x.unsqueeze(2) if x.ndim == 3 else x  # torch is quick with channels-last planes, not with lines
            y = F.batch_norm(planes, self.mean, self.var, weight, bias, True, MOMENTUM, EPSILON)
            return y.squeeze(2) if x.ndim == 3 else y
        gain, offset = self.gain_and_offset(*self.batch_statistics(x))
        shape = (1, -1, *(1,) * (x.ndim - 2))
        return unit * (x * gain.reshape(shape) + offset.reshape(shape))

    def gain_and_offset(self, mean: Tensor | None = None, var: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(gain, offset) a channel of the running, or the given, statistics."""
        mean = self.mean if mean is None else mean
        var = self.var if var is None else var
        # the root in float64: in float32 it differs by processor, and with it the integers of a trained network
        deviation = torch.sqrt((var + EPSILON).double()).to(var.dtype)
        gain = self.weight / deviation
        return gain, self.bias - gain * mean

    def batch_statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(mean, variance) a channel over all processes, also blended into the running statistics."""
        x, axes = x.float(), [0, *range(2, x.ndim)]
        if several():
            mean, var = _shared_statistics(x, axes)
        else:
            var, mean = torch.var_mean(x, dim=axes, unbiased=False)
        count = x.numel() // x.shape[1] * (dist.get_world_size() if several() else 1)
        with torch.no_grad():
            self.mean.lerp_(mean, MOMENTUM)
            self.var.lerp_(var * count / max(count - 1, 1), MOMENTUM)  # unbiased, as torch's batch_norm keeps it
        return mean, var


def _shared_statistics(x: Tensor, axes: list[int]) -> tuple[Tensor, Tensor]:
    """Mean and variance over equal shares of a batch, with gradients through every process."""
    mean, square = shared_mean(torch.stack([x.mean(dim=axes), (x * x).mean(dim=axes)]))
    return mean, square - mean * mean
