"""Rounding with a straight-through gradient."""

from __future__ import annotations

import torch
from torch import Tensor


class _Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        return torch.round(x)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        return gradient


def round_through(x: Tensor) -> Tensor:
    """Nearest integer (half to even); the gradient passes as if nothing happened."""
    return _Round.apply(x)  # type: ignore[no-any-return, no-untyped-call]


def clamp_through(x: Tensor, low: float, high: float) -> Tensor:
    """x limited to [low, high]; the gradient passes everywhere, so that a clipped value can come back."""
    return x + (torch.clamp(x, low, high) - x).detach()
