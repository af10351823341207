"""Element-wise operators."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.ops import Add, Rescale, StepRescale
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.values import number


def print_add(graph: Graph, step: Step[Add]) -> Result:
    a, b = step.inputs
    return graph.add(graph.int32(a), graph.int32(b), step.proven), ()


def print_rescale(graph: Graph, step: Step[Rescale]) -> Result:
    op = step.op
    product = graph.multiply(graph.int32(step.inputs[0]), device_parameter(op.multiplier, step.shape))
    total = graph.add(product, device_parameter(op.offset, step.shape))
    return graph.clip(graph.shift_right(total, op.shift), op.low, op.high), ()


def print_step_rescale(graph: Graph, step: Step[StepRescale]) -> Result:
    """The step's multipliers are a row of a table; steps that no run reaches have none."""
    op, (t,) = step.op, step.states
    reached = op.multiplier[: t.range.maximum + 1]
    table = np.concatenate([device_parameter(row, step.shape) for row in reached])
    product = graph.multiply(graph.int32(step.inputs[0]), graph.row_at(table, t))
    total = graph.add(product, device_parameter(op.offset, step.shape))
    after = graph.clip(graph.add(t, number(1)), 0, len(op.multiplier) - 1)
    return graph.shift_right(total, op.shift), (after,)
