"""Sum over windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.ops.pool import Pool
from edgesnn.integer.ops.synapse import check_input
from edgesnn.integer.signal import Array, Meaning, Signal


@dataclass(frozen=True, eq=False)
class SumPool(Pool):
    """y = sum of x over each window; x within int8. An average pool is this and a scale that later weights absorb.

    >>> SumPool(kernel=(2,)).step((np.array([[[1, 1, 0, 1]]]),), ())[0]
    array([[[2, 1]]])
    """

    onnx_body = """
        zero = Constant <value_ints = [0]> ()
        one = Constant <value_ints = [1]> ()
        two = Constant <value_ints = [2]> ()
        minus = Constant <value_ints = [-1]> ()
        top = Constant <value_ints = [9223372036854775807]> ()
        k = Constant <value_ints : ints = @kernel> ()
        shift = Constant <value = int32 {128}> ()
        zero_point = Constant <value = uint8 {128}> ()
        x32 = Cast <to = 6> (x)
        x_shifted = Add (x32, shift)
        xu = Cast <to = 2> (x_shifted)
        shape = Shape (x)
        spatial = Slice (shape, two, top)
        merged_shape = Concat <axis = 0> (minus, one, spatial)
        planes = Reshape (xu, merged_shape)
        weight_shape = Concat <axis = 0> (one, one, k)
        weight = ConstantOfShape <value = uint8[1] {1}> (weight_shape)
        sums = ConvInteger <strides : ints = @stride, pads : ints = @padding> (planes, weight, zero_point)
        sums_shape = Shape (sums)
        sums_spatial = Slice (sums_shape, two, top)
        lead = Slice (shape, zero, two)
        y_shape = Concat <axis = 0> (lead, sums_spatial)
        y = Reshape (sums, y_shape)
    """

    def check(self, inputs: tuple[Signal, ...]) -> None:
        super().check(inputs)
        check_input(self, inputs[0])

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR if inputs[0].meaning is Meaning.ACCUMULATOR else Meaning.GRADED

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        view, axes = self.pooled(inputs[0])
        return view.sum(axis=axes), ()

    def synaptic_adds(self, inputs: tuple[Array, ...]) -> Array:
        view, _ = self.pooled((inputs[0] != 0).astype(np.int64))
        adds: Array = view.reshape(len(view), -1).sum(axis=1)
        return adds

    def dense_adds(self, inputs: tuple[Signal, ...]) -> int:
        return int(self.synaptic_adds((np.ones((1, *inputs[0].shape), np.int64),))[0])
