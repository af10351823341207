"""Element-wise operators."""

from __future__ import annotations

from edgesnn.integer.ops import Add, Rescale
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter
from edgesnn.targets.tflite.ops.step import Result, Step


def print_add(graph: Graph, step: Step[Add]) -> Result:
    a, b = step.inputs
    return graph.add(graph.int32(a), graph.int32(b), step.proven), ()


def print_rescale(graph: Graph, step: Step[Rescale]) -> Result:
    op = step.op
    product = graph.multiply(graph.int32(step.inputs[0]), device_parameter(op.multiplier, step.shape))
    total = graph.add(product, device_parameter(op.offset, step.shape))
    return graph.clip(graph.shift_right(total, op.shift), op.low, op.high), ()
