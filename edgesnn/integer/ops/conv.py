"""Convolutional synapses over one or two spatial axes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator, check_int32, parameter
from edgesnn.integer.ops.synapse import (
    ONNX_HALVES,
    check_input,
    check_weights,
    exact_matmul,
    is_zero_free,
    part,
    weighted_bound,
)
from edgesnn.integer.ops.windows import check_window, window_counts, windows
from edgesnn.integer.signal import Array, Interval, Meaning, Shape, Signal

MAX_COLUMNS = 1 << 26
"""Elements of all windows of one sample: what the interpreter multiplies at once."""


@dataclass(frozen=True, eq=False)
class Conv(Operator):
    """Cross-correlation, as deep learning calls convolution (the kernel is not flipped).

    weight (outputs, inputs / groups, *kernel) with one or two kernel axes, on the grid of `weight_bits` (`zero_free`:
    odd integers); bias (outputs,) or a scalar; x (inputs, *spatial) within int8; padding holds zeros: all begins, then
    all ends. |bias| + sum |weight| |x| is proven to fit int32.

    >>> conv = Conv(weight=[[[1, 2]]], padding=(1, 0))
    >>> conv.step((np.array([[[1, 0, 3]]]),), ())[0]
    array([[[2, 1, 6]]])
    """

    weight: Array
    weight_bits: int = 8
    bias: Array = 0  # type: ignore[assignment]
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    groups: int = 1
    zero_free: bool = False

    onnx_body = (
        ONNX_HALVES
        + """
        x32 = Cast <to = 6> (x)
        x_shifted = Add (x32, half)
        xu = Cast <to = 2> (x_shifted)
        halves = ConvInteger <strides : ints = @stride, pads : ints = @padding, dilations : ints = @dilation,
                              group : int = @groups> (xu, wu, zero, zero)
        odds = ConvInteger <strides : ints = @stride, pads : ints = @padding, dilations : ints = @dilation,
                            group : int = @groups> (xu, odd, zero, zero)
        twice = Mul (halves, two)
        acc = Add (twice, odds)
        y = Add (acc, bias)
"""
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", parameter(self.weight))
        bias = parameter(self.bias)
        object.__setattr__(self, "bias", bias.reshape(-1) if bias.ndim else bias)
        if self.weight.ndim not in (3, 4) or 0 in self.weight.shape:
            raise self.fail(f"weight has shape {self.weight.shape}", "Give (outputs, inputs / groups, *kernel)")
        rank = len(self.kernel)
        object.__setattr__(self, "stride", tuple(self.stride) or (1,) * rank)
        object.__setattr__(self, "padding", tuple(self.padding) or (0,) * 2 * rank)
        object.__setattr__(self, "dilation", tuple(self.dilation) or (1,) * rank)
        check_window(self, self.kernel, self.stride, self.padding, self.dilation)
        if self.groups < 1 or len(self.weight) % self.groups:
            raise self.fail(f"{len(self.weight)} outputs do not split into {self.groups} groups", "Change groups")
        object.__setattr__(self, "zero_free", is_zero_free(self, self.weight_bits, self.zero_free))
        check_weights(self, self.weight, self.weight_bits, self.zero_free, self.bias, len(self.weight))

    @property
    def kernel(self) -> tuple[int, ...]:
        return self.weight.shape[2:]

    @property
    def channel_bias(self) -> Array:
        """The bias shaped to broadcast over the spatial axes."""
        return self.bias if self.bias.ndim == 0 else self.bias.reshape(-1, *(1,) * len(self.kernel))

    def onnx_parameters(self) -> dict[str, Array]:
        return {"weight": self.weight, "bias": self.channel_bias}

    def parameter_bits(self, name: str) -> int:
        return self.weight_bits + self.zero_free if name == "weight" else 32

    def check(self, inputs: tuple[Signal, ...]) -> None:
        (x,) = inputs
        channels = self.weight.shape[1] * self.groups
        if len(x.shape) != 1 + len(self.kernel) or x.shape[0] != channels:
            raise self.fail(
                f"its input has shape {x.shape}, its weights want {channels} channels and {len(self.kernel)} "
                "spatial axes",
                "Reshape the input or change groups",
            )
        check_input(self, x)

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        spatial = inputs[0].shape[1:]
        counts = window_counts(self, spatial, self.kernel, self.stride, self.padding, self.dilation)
        columns = math.prod(counts) * math.prod(self.kernel) * inputs[0].shape[0]
        if columns > MAX_COLUMNS:
            raise self.fail(f"its windows hold {columns} elements, more than {MAX_COLUMNS}", "Make it smaller")
        return (len(self.weight), *counts)

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR

    def convolve(self, x: Array, weight: Array) -> Array:
        """x (samples, inputs, *spatial) with these strides: (samples, outputs, *counts), without bias."""
        rank = len(self.kernel)
        view = windows(x, self.kernel, self.stride, self.padding, self.dilation)
        samples, counts = len(x), view.shape[2 : 2 + rank]
        grouped = view.reshape(samples, self.groups, weight.shape[1], *counts, *self.kernel)
        axes = (1, 0, *range(3, 3 + rank), 2, *range(3 + rank, 3 + 2 * rank))
        rows = grouped.transpose(axes).reshape(self.groups, samples * int(np.prod(counts)), -1)
        columns = weight.reshape(self.groups, len(weight) // self.groups, -1).transpose(0, 2, 1)
        product = exact_matmul(rows, columns).reshape(self.groups, samples, *counts, -1)
        order = (1, 0, 2 + rank, *range(2, 2 + rank))
        return product.transpose(order).reshape(samples, len(weight), *counts)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return self.convolve(inputs[0], self.weight) + self.channel_bias, ()

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        largest = self.convolve(inputs[0].magnitude[None], np.abs(self.weight))[0]
        check_int32(self, "its accumulator", largest, self.channel_bias)
        product = weighted_bound(lambda sign, x: self.convolve(x[None], part(self.weight, sign))[0], inputs[0])
        return Interval(product.low + self.channel_bias, product.high + self.channel_bias), ()

    def synaptic_adds(self, inputs: tuple[Array, ...]) -> Array:
        touched = self.convolve((inputs[0] != 0).astype(np.int64), np.ones_like(self.weight))
        adds: Array = touched.reshape(len(touched), -1).sum(axis=1)
        return adds

    def dense_adds(self, inputs: tuple[Signal, ...]) -> int:
        return int(self.synaptic_adds((np.ones((1, *inputs[0].shape), np.int64),))[0])
