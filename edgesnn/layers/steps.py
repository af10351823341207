"""Tensors (T, batch, ...): memory whose steps lie as those of another tensor do, and portions that stay in a cache."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

PORTION = 1 << 16
"""Elements of one step of a portion: half a dozen such tensors fit a core's second-level cache."""


def portions(x: Tensor) -> Iterator[slice]:
    """Slices of the batch, each small enough that all steps of a neuron find its samples in the cache."""
    batch = x.shape[1]
    size = max(1, PORTION * batch // max(1, x[0].numel()))
    return (slice(start, start + size) for start in range(0, batch, size))


def repeated(x: Tensor, steps: int) -> Tensor:
    """x (1, batch, ...) presented `steps` times without copies; gradients keep its memory order."""
    return _Repeat.apply(x, steps)  # type: ignore[no-untyped-call, no-any-return]


class _Repeat(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor, steps: int) -> Tensor:  # type: ignore[no-untyped-def]
        return x.expand(steps, *x.shape[1:])

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[no-untyped-def]
        first, *others = gradient.unbind()
        total = first.clone()
        for other in others:
            total += other
        return total[None], None


def empty_steps(x: Tensor) -> Tensor:
    """Uninitialised, of the shape of x (T, batch, ...), each step in the memory order of x's.

    Unlike torch.empty_like it also keeps channels-last order where x is one step presented T times without copies.
    """
    if x.stride(0) != 0:
        return torch.empty_like(x)
    step = x[0]
    last = step.ndim == 4 and step.is_contiguous(memory_format=torch.channels_last) and not step.is_contiguous()
    order = torch.channels_last if last else torch.contiguous_format
    rows = torch.empty((len(x) * len(step), *step.shape[1:]), dtype=x.dtype, memory_format=order)
    return rows.reshape(len(x), len(step), *step.shape[1:])


def copied_steps(x: Tensor) -> Tensor:
    """A copy of x (T, batch, ...) in memory of its own."""
    return empty_steps(x).copy_(x)
