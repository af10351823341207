"""Sum and maximum over windows."""

from __future__ import annotations

from edgesnn.integer import Interval
from edgesnn.integer.ops import MaxPool, SumPool
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_shape
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.ops.windows import gather_windows


def print_sum_pool(graph: Graph, step: Step[SumPool]) -> Result:
    op = step.op
    dilation = (1,) * len(op.kernel)
    windows = gather_windows(graph, graph.int8(step.inputs[0]), op.kernel, op.stride, op.padding, dilation)
    shape = (windows.shape[0], windows.shape[2])
    proven = Interval(step.proven.low.reshape(shape), step.proven.high.reshape(shape))
    return graph.reshape(graph.sum(graph.int32(windows), 1, proven), device_shape(step.shape)), ()


def print_max_pool(graph: Graph, step: Step[MaxPool]) -> Result:
    """One spatial axis is treated as a column. Spikes are never negative, so zeros pad silently."""
    op, (x,) = step.op, step.inputs
    rank = len(op.kernel)
    sides = tuple((op.padding[axis], op.padding[rank + axis]) for axis in range(rank))
    padded = graph.pad(graph.int8(x), ((0, 0), *sides, (0, 0)))
    *spatial, channels = padded.shape[1:]
    height, width = (*spatial, 1)[:2]
    column = graph.reshape(padded, (1, height, width, channels))
    outside = (*device_shape(step.shape)[1:-1], 1)[:2]
    proven = Interval(*(end.reshape(1, *outside, channels) for end in (step.proven.low, step.proven.high)))
    kernel, stride = (*op.kernel, 1)[:2], (*op.stride, 1)[:2]
    pooled = graph.max_pool(column, (kernel[0], kernel[1]), (stride[0], stride[1]), proven)
    return graph.reshape(pooled, device_shape(step.shape)), ()
