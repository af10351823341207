"""Pooling over the spatial axes of each channel."""

from __future__ import annotations

import abc

import torch.nn.functional as F
from torch import Tensor, nn

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape
from edgesnn.layers.conv import Sizes, sizes


class Pool(nn.Module, abc.ABC):
    """(T, batch, channels, *spatial); kernel and stride (default: kernel) an axis, symmetric zero padding."""

    def __init__(self, kernel: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        super().__init__()
        self.kernel, self.stride, self.padding = kernel, kernel if stride is None else stride, padding

    def forward(self, x: Tensor) -> Tensor:
        y = self.pool(x.flatten(0, 1))
        return y.reshape(*x.shape[:2], *y.shape[1:])

    @abc.abstractmethod
    def pool(self, x: Tensor) -> Tensor:
        """x (samples, channels, *spatial), pooled."""

    def window(self, shape: Shape) -> tuple[Shape, Shape, Shape]:
        """(kernel, stride, padding) of the integer operator for an input of this shape."""
        rank = len(shape) - 1
        return sizes(self.kernel, rank), sizes(self.stride, rank), sizes(self.padding, rank) * 2


class MaxPool(Pool):
    """A spike where any input of the window spiked."""

    def pool(self, x: Tensor) -> Tensor:
        pool = F.max_pool1d if x.ndim == 3 else F.max_pool2d
        return pool(x, self.kernel, self.stride, self.padding)

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.MaxPool(*self.window(shape)),)


class SumPool(Pool):
    """The sum over the window; the next layer's `input_max` is the largest such sum."""

    def pool(self, x: Tensor) -> Tensor:
        planes = x.unsqueeze(2) if x.ndim == 3 else x
        kernel, stride, padding = (
            sizes(value, 2) if x.ndim == 4 else (neutral, *sizes(value, 1))
            for neutral, value in ((1, self.kernel), (1, self.stride), (0, self.padding))
        )
        y = F.avg_pool2d(planes, kernel, stride, padding, divisor_override=1)
        return y.squeeze(2) if x.ndim == 3 else y

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.SumPool(*self.window(shape)),)
