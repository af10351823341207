"""Spiking neurons and the threshold and reset they share."""

from __future__ import annotations

from edgesnn.integer import Array
from edgesnn.integer.ops import GradedLif, IntegrateFire, Lif, QuantizedLif, RelPsp
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter
from edgesnn.targets.tflite.ops.decay import decay
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.values import Operand, Value, number


def print_lif(graph: Graph, step: Step[Lif]) -> Result:
    op, a = step.op, graph.int32(step.inputs[0])
    limit = (1 << (op.state_bits - 1)) - 1
    bias = device_parameter(op.bias, step.shape)
    kept = decay(graph, step.states[-1], op.voltage_decay)
    u = graph.shift_left(a, op.fraction_bits)
    if op.has_current:
        u = graph.add(u, decay(graph, step.states[0], op.current_decay), step.state_ranges[0])
    v = graph.clip(graph.add(graph.add(u, bias), kept), -limit, limit)
    threshold = device_parameter(op.scaled_threshold, step.shape)
    s, v = fire(graph, v, threshold, op.strict, op.reset)
    return s, (u, v) if op.has_current else (v,)


def print_integrate_fire(graph: Graph, step: Step[IntegrateFire]) -> Result:
    op, (v,) = step.op, step.states
    limit = (1 << (op.state_bits - 1)) - 1
    bias = device_parameter(op.bias, step.shape)
    v = graph.clip(graph.add(graph.add(graph.int32(step.inputs[0]), bias), v), -limit, limit)
    s, v = fire(graph, v, device_parameter(op.threshold, step.shape), op.strict, op.reset)
    return s, (v,)


def print_quantized_lif(graph: Graph, step: Step[QuantizedLif]) -> Result:
    """Leak and quantisation are look-ups; the state is an int8 code."""
    op, (code,) = step.op, step.states
    kept = graph.look_up(op.leak_table, graph.add(graph.int32(code), number(op.levels)), "int32")
    v = graph.add(graph.int32(step.inputs[0]), kept)
    fired = above(graph, v, device_parameter(op.threshold, step.shape), op.strict)
    place = graph.clip(graph.subtract(v, number(op.code_low)), 0, op.code_table.size - 1)
    coded = graph.look_up(op.code_table, place, "int8")
    return graph.int8(fired), (graph.select(fired, number(0), coded),)


def print_graded_lif(graph: Graph, step: Step[GradedLif]) -> Result:
    """DIV of what is not negative rounds down."""
    op = step.op
    limit = (1 << (op.state_bits - 1)) - 1
    charge = graph.add(graph.int32(step.inputs[0]), device_parameter(op.bias, step.shape))
    v = graph.clip(graph.add(charge, decay(graph, step.states[0], op.voltage_decay)), -limit, limit)
    threshold = device_parameter(op.threshold, step.shape)
    fits = graph.divide(graph.clip(v, 0, limit), threshold)
    o = graph.clip(fits, 0, op.levels)
    return graph.int8(o), (graph.subtract(v, graph.multiply(o, threshold), step.state_ranges[0]),)


def print_rel_psp(graph: Graph, step: Step[RelPsp]) -> Result:
    """What is at its threshold now and was not before fires."""
    (slope, v), threshold = step.states, device_parameter(step.op.threshold, step.shape)
    charged = graph.add(v, slope)
    there = above(graph, charged, threshold, strict=False)
    before = above(graph, v, threshold, strict=False)
    steeper = graph.add(slope, graph.int32(step.inputs[0]))
    spikes = graph.select(before, number(0), graph.int8(there))
    return spikes, (graph.select(there, slope, steeper), graph.select(there, threshold, charged))


def fire(graph: Graph, v: Value, threshold: Array, strict: bool, reset: Reset) -> tuple[Value, Value]:
    """Spikes, and the potential after the reset of those that spiked."""
    fired = above(graph, v, threshold, strict)
    spikes = graph.int8(fired)
    if reset is Reset.NONE:
        return spikes, v
    after: Operand = number(0) if reset is Reset.ZERO else graph.subtract(v, threshold)
    return spikes, graph.select(fired, after, v)


def above(graph: Graph, v: Value, threshold: Array, strict: bool) -> Value:
    return graph.greater(v, threshold if strict else threshold - 1)
