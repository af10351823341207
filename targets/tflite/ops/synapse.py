"""Dense and convolutional synapses: int8 matrix products summed in int32."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array, Interval
from edgesnn.integer.ops import Conv, Dense
from edgesnn.integer.ops.synapse import weight_codes
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter, device_shape
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.ops.windows import gather_windows
from edgesnn.targets.tflite.values import Value

INT8_MIN = -128


def print_dense(graph: Graph, step: Step[Dense]) -> Result:
    bias = device_parameter(step.op.bias, step.shape)
    x = graph.reshape(graph.int8(step.inputs[0]), (1, *step.inputs[0].shape))
    total = product(graph, x, step.op.weight[None], less(step.proven, bias))
    return graph.add(graph.reshape(total, device_shape(step.shape)), bias, step.proven), ()


def print_conv(graph: Graph, step: Step[Conv]) -> Result:
    """Windows are copied into rows (im2col); groups are a batch of products."""
    op = step.op
    bias = device_parameter(op.channel_bias, step.shape)
    windows = gather_windows(graph, graph.int8(step.inputs[0]), op.kernel, op.stride, op.padding, op.dilation)
    rows = grouped(graph, windows, op.groups)
    proven = less(step.proven, bias)
    sums = ungrouped(graph, product(graph, rows, grouped_weight(op), by_group(proven, op.groups)))
    return graph.add(graph.reshape(sums, device_shape(step.shape)), bias, step.proven), ()


def product(graph: Graph, x: Value, weight: Array, proven: Interval) -> Value:
    """x (groups, rows, inputs) times weight (groups, outputs, inputs).

    Weights beyond int8 are split. So is a weight of -128 where a value may be -128 as well: matrix kernels for Arm sum
    two products in 16 bits, which only -128 times -128, twice, overflows, and files of other tools never hold it.
    """
    if proven.low.size != x.shape[0] * x.shape[1] * weight.shape[1]:
        raise ValueError(f"bounds of {proven.low.shape} for {x.shape} times {weight.shape}")
    proven = Interval(*(end.reshape(x.shape[0], x.shape[1], weight.shape[1]) for end in (proven.low, proven.high)))
    if np.abs(weight).max() > -INT8_MIN:
        return doubled(graph, x, weight, proven)
    rest = (weight == INT8_MIN).astype(np.int64)
    if x.range.minimum > INT8_MIN or not rest.any():
        return graph.matrix_product(x, weight, proven)
    extra = by_magnitude(x, rest)
    most = graph.matrix_product(x, weight + rest, Interval(proven.low + extra.low, proven.high + extra.high))
    return graph.add(most, graph.matrix_product(x, -rest, Interval(-extra.high, -extra.low)), proven)


def doubled(graph: Graph, x: Value, weight: Array, proven: Interval) -> Value:
    """Odd weights of 9 bits, 2c + 1: twice the product with the codes c, plus the sum of the inputs."""
    ones = np.ones((len(weight), 1, weight.shape[2]), np.int64)
    inputs = product(graph, x, ones, by_magnitude(x, ones))
    codes = Interval(-(-(proven.low - inputs.high) // 2), (proven.high - inputs.low) // 2)
    twice = graph.shift_left(product(graph, x, weight_codes(weight, zero_free=True), codes), 1)
    return graph.add(twice, inputs, proven)


def by_magnitude(x: Value, weight: Array) -> Interval:
    """Bounds of x times a weight that is nowhere negative."""
    columns = weight.swapaxes(1, 2).astype(np.float64)  # float64 sums of int8 products are exact, and quick
    return Interval(*(np.rint(end.astype(np.float64) @ columns).astype(np.int64) for end in (x.low, x.high)))


def grouped_weight(op: Conv) -> Array:
    """(groups, outputs a group, kernel positions times inputs a group): the order of a row of windows."""
    outputs, inputs = op.weight.shape[:2]
    split = op.weight.reshape(op.groups, outputs // op.groups, inputs, -1)
    return split.transpose(0, 1, 3, 2).reshape(op.groups, outputs // op.groups, -1)


def grouped(graph: Graph, windows: Value, groups: int) -> Value:
    """Windows (places, kernel positions, channels) as rows (groups, places, values)."""
    places, positions, channels = windows.shape
    split = graph.reshape(windows, (places, positions, groups, channels // groups))
    return graph.reshape(graph.transpose(split, (2, 0, 1, 3)), (groups, places, positions * channels // groups))


def ungrouped(graph: Graph, sums: Value) -> Value:
    """Sums (groups, places, outputs a group) with a place's outputs side by side."""
    return graph.transpose(sums, (1, 0, 2))


def by_group(interval: Interval, groups: int) -> Interval:
    """Bounds of (1, *places, outputs) in the order (groups, places, outputs a group)."""
    outputs = interval.low.shape[-1]
    ends = (end.reshape(-1, groups, outputs // groups).transpose(1, 0, 2) for end in (interval.low, interval.high))
    return Interval(*ends)


def less(interval: Interval, bias: Array) -> Interval:
    """Bounds of a sum before its bias."""
    return Interval(interval.low - bias, interval.high - bias)
