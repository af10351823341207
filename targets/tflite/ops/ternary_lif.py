"""The ternary neuron: two comparisons, shifts of magnitudes as divisions, a code as state."""

from __future__ import annotations

from edgesnn.integer import Interval
from edgesnn.integer.ops import TernaryLif
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.values import Value, number


def print_ternary_lif(graph: Graph, step: Step[TernaryLif]) -> Result:
    op = step.op
    drive = graph.multiply(graph.int32(step.inputs[0]), device_parameter(op.multiplier, step.shape))
    v = graph.add(drive, kept(graph, op, graph.int32(step.states[0])))
    threshold = device_parameter(op.threshold, step.shape)
    above = graph.greater(v, threshold - 1)
    below = graph.greater(1 - threshold, v)
    s = graph.subtract(graph.int32(above), graph.int32(below), step.proven)
    if op.reset is Reset.ZERO:
        v = graph.select(below, number(0), graph.select(above, number(0), v))
    elif op.reset is Reset.SUBTRACT:
        v = graph.subtract(v, graph.multiply(s, threshold))
    return graph.int8(s), (code(graph, op, v),)


def kept(graph: Graph, op: TernaryLif, state: Value) -> Value:
    """What the leak leaves of the potential. DIV rounds toward zero, as the shift of a magnitude does."""
    fine = graph.shift_left(state, op.fraction_bits)
    if not op.leak_shift:
        return fine
    proven = Interval(op.kept(state.low), op.kept(state.high))
    return graph.subtract(fine, graph.divide(fine, number(1 << op.leak_shift)), proven)


def code(graph: Graph, op: TernaryLif, v: Value) -> Value:
    """Half away from zero: half a unit with the sign of v added, then DIV. Clipped first, so that nothing overflows."""
    limit = op.levels << op.fraction_bits
    v = graph.clip(v, -limit, limit)
    half = (1 << op.fraction_bits) >> 1
    if not half:
        return v
    positive = graph.greater(v, number(-1))
    away = graph.select(positive, graph.add(v, number(half)), graph.subtract(v, number(half)))
    return graph.divide(away, number(1 << op.fraction_bits))
