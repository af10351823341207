"""Operators that move elements and compute nothing."""

from __future__ import annotations

from edgesnn.integer.ops import Concat, Input, Reshape
from edgesnn.integer.signal import Shape
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_shape
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.values import Value


def print_input(graph: Graph, step: Step[Input]) -> Result:
    """From the signature's channels-first order to the file's channels-last."""
    return channels_last(graph, step.inputs[0], step.shape), ()


def print_reshape(graph: Graph, step: Step[Reshape]) -> Result:
    """Row-major order is that of channels first, hence there and back."""
    return channels_last(graph, channels_first(graph, step.inputs[0], step.shapes[0]), step.shape), ()


def print_concat(graph: Graph, step: Step[Concat]) -> Result:
    a, b = step.inputs
    dtype = "int8" if a.dtype == b.dtype == "int8" else "int32"
    return graph.concatenate(graph.cast(a, dtype), graph.cast(b, dtype), axis=len(step.shape)), ()


def channels_last(graph: Graph, value: Value, shape: Shape) -> Value:
    """Any tensor in row-major order of the model shape, to the file's layout of that shape."""
    if len(shape) == 1:
        return graph.reshape(value, device_shape(shape))
    return graph.transpose(graph.reshape(value, (1, *shape)), (0, *range(2, len(shape) + 1), 1))


def channels_first(graph: Graph, value: Value, shape: Shape) -> Value:
    """The file's layout of a model shape, to row-major order of the model shape."""
    if len(shape) == 1:
        return value
    return graph.transpose(value, (0, len(shape), *range(1, len(shape))))
