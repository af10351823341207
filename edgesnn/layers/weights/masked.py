"""A quantised value in place of the latent one, its gradient reduced where the latent one was clipped."""

from __future__ import annotations

import torch
from torch import Tensor


class _Masked(torch.autograd.Function):
    @staticmethod
    def forward(ctx, latent: Tensor, quantised: Tensor, inside: Tensor, leak: float) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.save_for_backward(inside)
        ctx.leak = leak
        return quantised

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None, None]:  # type: ignore[no-untyped-def]
        (inside,) = ctx.saved_tensors
        return torch.where(inside, gradient, gradient * ctx.leak), None, None, None


def straight_through_inside(latent: Tensor, quantised: Tensor, inside: Tensor, leak: float) -> Tensor:
    """`quantised`, with the gradient of `latent`: whole where `inside`, times `leak` elsewhere."""
    return _Masked.apply(latent, quantised, inside, leak)  # type: ignore[no-untyped-call, no-any-return]
