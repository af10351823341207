"""Convolutions with quantised weights."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops import Conv
from edgesnn.layers.synapse import IntegerSynapse, Synapse

Sizes = int | tuple[int, ...]


class QuantConv(Synapse):
    """(T, batch, inputs, *spatial) to (T, batch, outputs, *spatial'); see `Synapse`. Becomes `Conv` (+ `Rescale`)."""

    rank: int

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        weight_bits: int = 8,
        norm: bool = True,
        unit: int = 128,
        input_max: int = 1,
        folded: bool = False,
        grid: str | None = None,
        symmetric: bool = False,
    ) -> None:
        weight_shape = (outputs, inputs // groups, *sizes(kernel, self.rank))
        super().__init__(weight_shape, weight_bits, norm, unit, input_max, folded, grid, symmetric)
        self.stride, self.padding = sizes(stride, self.rank), sizes(padding, self.rank)
        self.dilation, self.groups = sizes(dilation, self.rank), groups

    def synapse_operator(self, form: IntegerSynapse) -> Operator:
        bias = parameter(form.offset.numpy() if form.multiplier is None else 0)
        codes, padding = form.codes.numpy(), self.padding * 2
        return Conv(
            codes, form.weight_bits, bias, self.stride, padding, self.dilation, self.groups, zero_free=form.zero_free
        )

    def product(self, x: Tensor, weight: Tensor) -> Tensor:
        if self.rank == 1 and self.is_pointwise:
            return F.linear(x.transpose(1, 2), weight[:, :, 0]).transpose(1, 2)  # channels last from here on
        convolve = F.conv1d if self.rank == 1 else F.conv2d
        if x.ndim == 4 and self.weight.stride(1) == 1:  # channels last: for one channel torch has to be told
            x, weight = (value.to(memory_format=torch.channels_last) for value in (x, weight))
        return convolve(x, weight, None, self.stride, self.padding, self.dilation, self.groups)

    @property
    def is_pointwise(self) -> bool:
        """Whether every position is mapped by itself: a linear layer on its channels."""
        return self.weight[0, 0].numel() == self.stride[0] == self.groups == 1 and not any(self.padding)


class QuantConv1d(QuantConv):
    """One spatial axis."""

    rank = 1


class QuantConv2d(QuantConv):
    """Two spatial axes."""

    rank = 2


def sizes(value: Sizes, rank: int) -> tuple[int, ...]:
    """One size an axis."""
    return (value,) * rank if isinstance(value, int) else tuple(value)
