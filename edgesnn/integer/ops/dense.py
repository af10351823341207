"""Fully connected synapses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator, check_int32, parameter
from edgesnn.integer.ops.synapse import (
    check_input,
    check_weights,
    exact_matmul,
    is_zero_free,
    part,
    weighted_bound,
)
from edgesnn.integer.signal import Array, Interval, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class Dense(Operator):
    """y[o] = bias[o] + sum_i weight[o, i] * x[i].

    weight (outputs, inputs), on the grid of `weight_bits` (`zero_free`: odd integers);
    bias (outputs,) or a scalar; x (inputs,) within int8.
    |bias| + sum |weight| |x| is proven to fit int32.

    >>> dense = Dense(weight=[[1, -1, 1]], weight_bits=1, bias=[10])
    >>> dense.step((np.array([[1, 1, 0], [0, 0, 1]]),), ())[0]
    array([[10],
           [11]])
    """

    weight: Array
    weight_bits: int = 8
    bias: Array = 0  # type: ignore[assignment]
    zero_free: bool = False

    onnx_body = """
        x32 = Cast <to = 6> (x)
        w32 = Cast <to = 6> (weight)
        columns = Transpose <perm = [1, 0]> (w32)
        acc = MatMul (x32, columns)
        y = Add (acc, bias)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", parameter(self.weight))
        object.__setattr__(self, "bias", parameter(self.bias))
        if self.weight.ndim != 2 or 0 in self.weight.shape:
            raise self.fail(f"weight has shape {self.weight.shape}, not (outputs, inputs)", "Give a matrix")
        object.__setattr__(self, "zero_free", is_zero_free(self, self.weight_bits, self.zero_free))
        check_weights(self, self.weight, self.weight_bits, self.zero_free, self.bias, len(self.weight))

    def parameter_bits(self, name: str) -> int:
        return self.weight_bits + self.zero_free if name == "weight" else 32

    def check(self, inputs: tuple[Signal, ...]) -> None:
        (x,) = inputs
        if x.shape != self.weight.shape[1:]:
            raise self.fail(
                f"its input has shape {x.shape}, its weights want {self.weight.shape[1:]}", "Reshape the input"
            )
        check_input(self, x)

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return (len(self.weight),)

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return exact_matmul(inputs[0], self.weight.T) + self.bias, ()

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        largest = exact_matmul(np.abs(self.weight), inputs[0].magnitude)
        check_int32(self, "its accumulator", largest, self.bias)
        product = weighted_bound(lambda sign, x: exact_matmul(part(self.weight, sign), x), inputs[0])
        return Interval(product.low + self.bias, product.high + self.bias), ()

    def synaptic_adds(self, inputs: tuple[Array, ...]) -> Array:
        adds: Array = np.count_nonzero(inputs[0], axis=1) * len(self.weight)
        return adds

    def dense_adds(self, inputs: tuple[Signal, ...]) -> int:
        return self.weight.size
