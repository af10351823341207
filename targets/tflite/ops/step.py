"""What a printer gets: one node, its inputs and states as tensors, and what is proven of its results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from edgesnn.integer import Interval
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.values import Value

Op = TypeVar("Op", bound=Operator)


@dataclass(frozen=True)
class Step(Generic[Op]):
    """One node's time step. `shapes` are the inputs' model shapes (channels first), `shape` the output's.

    `proven` and `state_ranges` are what range analysis knows of the output and the states, in the file's layout.
    """

    op: Op
    inputs: tuple[Value, ...]
    states: tuple[Value, ...]
    shapes: tuple[Shape, ...]
    shape: Shape
    proven: Interval
    state_ranges: tuple[Interval, ...]


Result = tuple[Value, tuple[Value, ...]]
"""The output and the next states, as `Operator.step` returns them."""

Printer = Callable[[Graph, Step[Op]], Result]
