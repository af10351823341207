"""Interval analysis: proves that every accumulator and state fits its width, for the steps a model may run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer.operator import StateSpec
from edgesnn.integer.signal import Interval, Signal

if TYPE_CHECKING:
    from edgesnn.integer.model import Model, Node

ACCUMULATOR_BITS = 32
PATIENCE = 256
"""Steps after which a state that still grows is taken to reach its declared limit."""


@dataclass(frozen=True)
class NodeRange:
    """What is proven of one node: its output and, by state, the interval it never leaves."""

    output: Signal
    states: tuple[Interval, ...]


def analyse(model: Model) -> Mapping[str, NodeRange]:
    """Proves ranges node by node.

    Raises:
        RangeError: an output may leave 32 bits, or a state its declared width.
    """
    proven: dict[str, NodeRange] = {}
    horizon = None if model.streaming else model.time_steps
    for node in model.nodes:
        inputs = tuple(proven[source].output for source in node.inputs)
        try:
            proven[node.name] = node_range(node, inputs, horizon)
        except ModelError as error:
            raise type(error)(f"{node.name} ({node.op.kind})", error.problem, error.remedy) from None
    return proven


def node_range(node: Node, inputs: tuple[Signal, ...], horizon: int | None) -> NodeRange:
    """Ranges of one node over `horizon` steps from a reset state, or over any number if None."""
    from edgesnn.integer.model import check_size

    op = node.op
    op.check(inputs)
    shape = op.output_shape(inputs)
    check_size(op.kind, shape)
    specs = op.states(inputs)
    sources = tuple(signal.range for signal in inputs)
    states = tuple(Interval.zero(spec.shape) for spec in specs)
    output: Interval | None = None
    for step in range(horizon if horizon is not None else PATIENCE + 2):
        out, after = op.bound(sources, states)
        output = out if output is None else output.hull(out)
        reached = tuple(a.hull(b) for a, b in zip(states, after, strict=True))
        check_states(specs, reached)
        if all(a.contains(b) for a, b in zip(states, reached, strict=True)):
            break
        states = reached
        if step >= PATIENCE:
            states = tuple(widened(spec, state) for spec, state in zip(specs, states, strict=True))
    assert output is not None
    if output.bits > ACCUMULATOR_BITS:
        raise RangeError(
            op.kind,
            f"its output may range from {output.minimum} to {output.maximum}, beyond {ACCUMULATOR_BITS} bits",
            "Use smaller weights or a Rescale before it",
        )
    return NodeRange(Signal(shape, op.output_meaning(inputs), output), states)


def check_states(specs: tuple[StateSpec, ...], states: tuple[Interval, ...]) -> None:
    for spec, state in zip(specs, states, strict=True):
        worst = max(state.maximum, -state.minimum)
        if worst > spec.limit:
            raise RangeError(
                spec.name,
                f"state {spec.name} may reach {worst}, beyond {spec.bits} bits ({spec.limit})",
                "Use smaller weights, fewer fraction bits, a stronger decay or fewer time steps",
            )


def widened(spec: StateSpec, state: Interval) -> Interval:
    """The declared limits: what a slowly growing state is assumed to reach."""
    return state.hull(Interval.constant(spec.shape, -spec.limit, spec.limit))
