"""Torch functions and methods that have an integer meaning: add, concatenate, reshape, mean."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import fx

from edgesnn.errors import LoweringError
from edgesnn.integer.ops import Add, Concat, Membrane, Reshape, SumPool
from edgesnn.integer.signal import Shape
from edgesnn.lower.graph import Graph, Value

LEADING = 2
"""Time and batch come before a sample's own axes."""


@dataclass(frozen=True)
class TimeMean:
    """Scores that torch averages over time and the integer model sums: `divisor` is the number of steps."""

    value: Value
    divisor: int


Rule = Callable[[fx.Node, list[Value], Shape, Graph], Value | TimeMean]


def add(node: fx.Node, sources: list[Value], shape: Shape, graph: Graph) -> Value:
    if len(sources) != 2 or len(node.kwargs) or sources[0].shape != sources[1].shape:
        raise LoweringError(node.name, "adds something other than two tensors of one shape", "Add layer outputs")
    return graph.add(node.name, Add(), *sources, divisor=common_divisor(node, sources))


def concatenate(node: fx.Node, sources: list[Value], shape: Shape, graph: Graph) -> Value:
    tensors = node.args[0]
    axis = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else 0)
    axis = axis + len(shape) if isinstance(axis, int) and axis < 0 else axis
    if axis != LEADING or not isinstance(tensors, (list, tuple)) or len(sources) != len(tensors):
        raise LoweringError(
            node.name, f"concatenates along axis {axis}", "Concatenate channels: axis 2 of (T, batch, C, ...)"
        )
    divisor = common_divisor(node, sources)
    value = sources[0]
    for other in sources[1:]:
        value = graph.add(node.name, Concat(), value, other, divisor=divisor)
    return value


def reshape(node: fx.Node, sources: list[Value], shape: Shape, graph: Graph) -> Value:
    (source,) = sources
    if shape[:LEADING] != graph.leading:
        raise LoweringError(node.name, "reshapes time or batch", "Keep the first two axes, (T, batch), as they are")
    return graph.add(node.name, Reshape(shape[LEADING:]), source, divisor=source.divisor)


def mean(node: fx.Node, sources: list[Value], shape: Shape, graph: Graph) -> Value | TimeMean:
    (source,) = sources
    axes = _axes(node, LEADING + len(source.shape))
    if axes == {0} and len(shape) == 2 and _is_last(node):
        return TimeMean(graph.add(node.name, Membrane(), source), graph.leading[0])
    spatial = set(range(LEADING + 1, LEADING + len(source.shape)))
    if axes != spatial or not spatial:
        raise LoweringError(node.name, f"averages axes {sorted(axes)}", "Average all spatial axes, or time at the end")
    window = source.shape[1:]
    pooled = graph.add(node.name, SumPool(window), source)
    divisor = source.divisor * math.prod(window)
    if len(shape) - LEADING == len(pooled.shape):
        return Value(pooled.node, pooled.shape, divisor)
    return graph.add(f"{node.name}_flat", Reshape(source.shape[:1]), pooled, divisor=divisor)


def _axes(node: fx.Node, rank: int) -> set[int]:
    given = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else None)
    if given is None:
        return set(range(rank))
    listed = given if isinstance(given, (list, tuple)) else (given,)
    return {int(axis) % rank for axis in listed}


def _is_last(node: fx.Node) -> bool:
    return all(user.op == "output" for user in node.users)


def common_divisor(node: fx.Node, sources: list[Value]) -> int:
    divisors = {source.divisor for source in sources}
    if len(divisors) != 1:
        raise LoweringError(node.name, "joins a mean with values that are none", "Average both, or use SumPool")
    return divisors.pop()


FUNCTIONS: dict[Any, Rule] = {
    operator.add: add,
    operator.iadd: add,
    torch.add: add,
    torch.cat: concatenate,
    torch.concat: concatenate,
    torch.flatten: reshape,
    torch.reshape: reshape,
    torch.mean: mean,
}
METHODS: dict[Any, Rule] = {
    "add": add, "flatten": reshape, "reshape": reshape, "view": reshape, "squeeze": reshape, "unsqueeze": reshape,
    "mean": mean,
}  # fmt: skip
