"""Products of two activity matrices: int8 batches of products summed in int32."""

from __future__ import annotations

from edgesnn.integer import Interval
from edgesnn.integer.ops import MatMul
from edgesnn.integer.signal import Shape
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.ops.synapse import INT8_MIN
from edgesnn.targets.tflite.values import Value, everywhere


def print_matmul(graph: Graph, step: Step[MatMul]) -> Result:
    """A (groups, rows, inner) times B stored transposed (groups, columns, inner); the groups are a batch."""
    op = step.op
    a = matrices(graph, graph.int8(step.inputs[0]), step.shapes[0], op.groups, turned=op.transpose_a)
    b = matrices(graph, graph.int8(step.inputs[1]), step.shapes[1], op.groups, turned=not op.transpose_b)
    _, rows, _ = a.shape
    columns = step.shape[1]
    # the file holds (1, columns, groups * rows)
    ends = (end.reshape(columns, op.groups, rows).transpose(1, 2, 0) for end in (step.proven.low, step.proven.high))
    y = product(graph, a, b, Interval(*ends))
    return graph.reshape(graph.transpose(y, (2, 0, 1)), (1, columns, op.groups * rows)), ()


def matrices(graph: Graph, x: Value, shape: Shape, groups: int, turned: bool) -> Value:
    """The file's (1, columns, groups * rows) as (groups, rows, columns), or (groups, columns, rows) if turned."""
    rows, columns = shape[0] // groups, shape[1]
    split = graph.reshape(x, (columns, groups, rows))
    return graph.transpose(split, (1, 0, 2) if turned else (1, 2, 0))


def product(graph: Graph, a: Value, b: Value, proven: Interval) -> Value:
    """As with weights, -128 never meets -128: where it could, those of `a` become -127 and the rest is added."""
    if max(a.range.minimum, b.range.minimum) > INT8_MIN:
        return graph.matrix_product(a, b, proven)
    wide = graph.int32(a)
    most = graph.clip(wide, INT8_MIN + 1, -INT8_MIN)
    rest = graph.subtract(wide, most, everywhere(a.shape, -1, 0))
    extra = -INT8_MIN * a.shape[2]
    sums = graph.matrix_product(graph.int8(most), b, Interval(proven.low - extra, proven.high + extra))
    rests = graph.matrix_product(graph.int8(rest), b, everywhere(proven.low.shape, -extra, extra))
    return graph.add(sums, rests, proven)
