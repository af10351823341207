"""Scales of quantised weights."""

from __future__ import annotations

import torch
from torch import Tensor

EPSILON = 1e-8
"""No scale is smaller, so that a channel of zeros divides by something."""


def power_of_two(x: Tensor) -> Tensor:
    """The nearest power of two on a logarithmic scale."""
    return torch.exp2(torch.round(torch.log2(x.clamp(min=EPSILON))))


def per_channel(scale: Tensor, weight: Tensor) -> Tensor:
    """A scale (outputs,) shaped to broadcast over a weight (outputs, ...)."""
    return scale.reshape(-1, *(1,) * (weight.ndim - 1))


def channel_mean(size: Tensor) -> Tensor:
    """The mean (outputs,) of a channel's values (outputs, values).

    Added up in float64: in float32 the processor decides how they are grouped, and with it the last bit.
    """
    return size.double().mean(dim=1).to(size.dtype)
