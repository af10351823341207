"""Readouts: scores that are states."""

from __future__ import annotations

from edgesnn.integer.ops import FirstSpike, Membrane, SpikeCount
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.layout import device_parameter
from edgesnn.targets.tflite.ops.decay import decay
from edgesnn.targets.tflite.ops.step import Result, Step
from edgesnn.targets.tflite.values import number


def print_spike_count(graph: Graph, step: Step[SpikeCount]) -> Result:
    count = graph.add(graph.int32(step.inputs[0]), step.states[0], step.state_ranges[0])
    return count, (count,)


def print_first_spike(graph: Graph, step: Step[FirstSpike]) -> Result:
    """First means that it spikes now and has no score yet: spike > score, as scores are never negative."""
    op, (score, t) = step.op, step.states
    first = graph.greater(graph.int32(step.inputs[0]), score)
    score = graph.select(first, graph.subtract(number(op.horizon), t), score)
    return score, (score, graph.clip(graph.add(t, number(1)), 0, op.horizon))


def print_membrane(graph: Graph, step: Step[Membrane]) -> Result:
    op = step.op
    drive = graph.shift_left(graph.int32(step.inputs[0]), op.fraction_bits)
    charged = graph.add(drive, device_parameter(op.bias, step.shape))
    v = graph.add(charged, decay(graph, step.states[0], op.voltage_decay), step.state_ranges[0])
    return v, (v,)
