"""Interval analysis: proves that every accumulator and state fits its width, for the steps a model may run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer.operator import Operator, StateSpec
from edgesnn.integer.signal import INT32_MAX, MAX_ELEMENTS, Array, Interval, Shape, Signal

if TYPE_CHECKING:
    from edgesnn.integer.model import Model, Node

PATIENCE = 256
"""Steps that are bounded one by one; of what still grows after them, the rest is bounded at once."""
MAX_TOTAL_ELEMENTS = 1 << 22
"""Outputs and states of all nodes together: bounds the work that a hostile file can cause."""


@dataclass(frozen=True)
class NodeRange:
    """What is proven of one node: its output and, by state, the interval it never leaves."""

    output: Signal
    states: tuple[Interval, ...]


def analyse(model: Model) -> Mapping[str, NodeRange]:
    """Proves ranges node by node.

    Raises:
        RangeError: an output or an intermediate value may leave int32, or a state its declared width.
        ModelError: a node does not fit what it reads.
    """
    proven: dict[str, NodeRange] = {}
    horizon = None if model.streaming else model.time_steps
    total = 0
    for node in model.nodes:
        inputs = tuple(proven[source].output for source in node.inputs)
        try:
            proven[node.name] = node_range(node, inputs, horizon)
        except ModelError as error:
            raise type(error)(f"{node.name} ({node.op.kind})", error.problem, error.remedy) from None
        total += proven[node.name].output.size * (1 + len(proven[node.name].states))
        if total > MAX_TOTAL_ELEMENTS:
            raise ModelError(node.name, f"the model exceeds {MAX_TOTAL_ELEMENTS} elements here", "Make it smaller")
    return proven


def node_range(node: Node, inputs: tuple[Signal, ...], horizon: int | None) -> NodeRange:
    """Ranges of one node over `horizon` steps from a reset state, or over any number if None."""
    op = node.op
    op.check(inputs)
    shape = op.output_shape(inputs)
    check_size(op, shape)
    output, states = reachable(op, op.states(inputs), tuple(signal.range for signal in inputs), horizon)
    if max(output.maximum, -output.minimum) > INT32_MAX:
        raise RangeError(
            op.kind,
            f"its output may range from {output.minimum} to {output.maximum}, beyond int32",
            "Use smaller weights or a Rescale before it",
        )
    return NodeRange(Signal(shape, op.output_meaning(inputs), output), states)


Intervals = tuple[Interval, ...]


def reachable(
    op: Operator, specs: tuple[StateSpec, ...], inputs: Intervals, horizon: int | None
) -> tuple[Interval, Intervals]:
    """Bounds of the output and of the states after any of `horizon` steps from a reset state."""
    states = before = earlier = tuple(Interval.zero(spec.shape) for spec in specs)
    output: Interval | None = None
    steps = PATIENCE if horizon is None else min(horizon, PATIENCE)
    for _ in range(steps):
        out, after = op.bound(inputs, states)
        output = out.hull(output) if output else out
        earlier, before, states = before, states, hulls(states, after)
        check_states(specs, states)
        if all(old.contains(new) for old, new in zip(before, states, strict=True)):
            return output, states
    assert output is not None
    if horizon == steps:
        return output, states
    remaining = None if horizon is None else horizon - steps
    last = tuple(outgrown(*each, remaining) for each in zip(specs, earlier, before, states, strict=True))
    out, after = op.bound(inputs, last)
    check_states(specs, after)
    return output.hull(out), hulls(last, after)


def outgrown(spec: StateSpec, earlier: Interval, before: Interval, state: Interval, remaining: int | None) -> Interval:
    """Bounds of a state that still grows, before the last of `remaining` further steps, or for ever if None.

    The declared limits, which hold if one more step does not leave them; nearer, where growth as fast as in the last
    step, or faster by as much in each step as it got in the last, does not get there in time.
    """
    if spec.saturates or remaining is None:
        return Interval.constant(spec.shape, -spec.limit, spec.limit)
    low = -further(-earlier.low, -before.low, -state.low, remaining - 1, spec.limit)
    return Interval(low, further(earlier.high, before.high, state.high, remaining - 1, spec.limit))


def further(earlier: Array, before: Array, now: Array, steps: int, limit: int) -> Array:
    """Where values that grew from `earlier` to `before` to `now` are after so many steps, the limit at most.

    In floating point, which is exact up to the limit and has no end beyond it.
    """
    growth = (now - before).astype(np.float64)
    gain = np.maximum(growth - (before - earlier), 0)
    reached = now + steps * growth + steps * (steps + 1) / 2 * gain
    return np.minimum(reached, limit).astype(np.int64)


def hulls(a: Intervals, b: Intervals) -> Intervals:
    return tuple(one.hull(other) for one, other in zip(a, b, strict=True))


def check_size(op: Operator, shape: Shape) -> None:
    if int(np.prod([int(size) for size in shape], dtype=object)) > MAX_ELEMENTS:
        raise op.fail(f"a tensor of shape {shape} exceeds {MAX_ELEMENTS} elements", "Make the model smaller")


def check_states(specs: tuple[StateSpec, ...], states: tuple[Interval, ...]) -> None:
    for spec, state in zip(specs, states, strict=True):
        worst = max(state.maximum, -state.minimum)
        if worst > spec.limit:
            raise RangeError(
                spec.name,
                f"state {spec.name} may reach {worst}, beyond {spec.bits} bits ({spec.limit})",
                "Use smaller weights, fewer fraction bits, a stronger decay or fewer time steps",
            )
