"""One operator alone: stepped by hand with plain lists, or proven for inputs of a given range."""

from __future__ import annotations

from typing import Any

import numpy as np

from edgesnn.integer import Interval, Meaning, Node, Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ranges import NodeRange, node_range


def run_op(op: Operator, steps: list[Any], *states: Any) -> tuple[list[Any], list[list[Any]]]:
    """Outputs of every step of one sample from the given states, and the states after every step."""
    current = tuple(np.array([state]) for state in states)
    seen, kept = [], []
    for x in steps:
        inputs = tuple(np.array([part]) for part in x) if op.arity == 2 else (np.array([x]),)
        y, current = op.step(inputs, current)
        seen.append(y[0].tolist())
        kept.append([state[0].tolist() for state in current])
    return seen, kept


def apply(op: Operator, x: Any) -> Any:
    """The output of an operator without state; x holds two tensors where it reads two."""
    return run_op(op, [x])[0][0]


def signal(*shape: int, low: int = 0, high: int = 1, meaning: Meaning = Meaning.GRADED) -> Signal:
    return Signal(shape, Meaning.SPIKE if (low, high) == (0, 1) else meaning, Interval.constant(shape, low, high))


def prove(op: Operator, *inputs: Signal, steps: int | None = 1) -> NodeRange:
    """What range analysis proves of an operator in `steps` steps, or in any number if None."""
    return node_range(Node("op", op, ("x",) * len(inputs)), inputs, steps)
