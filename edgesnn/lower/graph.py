"""The integer graph under construction: nodes with unique names, and the value each torch tensor became."""

from __future__ import annotations

import re
from dataclasses import dataclass

from edgesnn.integer.model import Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape
from edgesnn.layers.synapse import placeholder


@dataclass(frozen=True)
class Value:
    """A tensor of the torch graph: the node that computes its integers, and the divisor that makes them its values."""

    node: str
    shape: Shape
    divisor: int = 1


class Graph:
    """Nodes in the order they are added."""

    def __init__(self, leading: tuple[int, int]) -> None:
        self.leading = leading  # (T, batch) of the example
        self.nodes: list[Node] = []
        self.names: set[str] = set()

    def add(self, name: str, op: Operator, *inputs: Value, divisor: int = 1) -> Value:
        """Appends a node, its name made valid and unique; returns the value it computes."""
        node = Node(self.unique(name), op, tuple(value.node for value in inputs))
        shape = op.output_shape(tuple(placeholder(value.shape) for value in inputs))
        self.nodes.append(node)
        return Value(node.name, shape, divisor)

    def chain(self, name: str, operators: tuple[Operator, ...], *inputs: Value, divisor: int = 1) -> Value:
        """A layer's operators one behind the other; the first takes the layer's name."""
        value = self.add(name, operators[0], *inputs, divisor=divisor)
        for op in operators[1:]:
            value = self.add(f"{name}_{op.kind}", op, value, divisor=divisor)
        return value

    def unique(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:32] or "node"
        base = base if base[0].isalpha() else f"n{base}"
        candidate, number = base, 2
        while candidate in self.names:
            candidate, number = f"{base}_{number}", number + 1
        self.names.add(candidate)
        return candidate
