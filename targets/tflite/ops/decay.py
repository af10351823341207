"""The 12-bit decay in int32: x * (4096 - amount) / 4096, rounded toward zero as DIV rounds."""

from __future__ import annotations

from edgesnn.integer import Interval
from edgesnn.integer.ops.decay import ONE
from edgesnn.integer.ops.decay import decay as exact_decay
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.values import LIMITS, Operand, Value, everywhere, number


def decay(graph: Graph, x: Value, amount: int) -> Operand:
    """A product that may leave 32 bits is split: with x = 4096 * high + low, both of x's sign,

        x * keep / 4096 = high * keep + low * keep / 4096

    and only the last term is rounded.
    """
    keep = ONE - amount
    if keep == ONE:
        return x
    if keep == 0:
        return number(0)
    if max(x.range.maximum, -x.range.minimum) * keep <= LIMITS["int32"][1]:
        return graph.divide(graph.multiply(x, number(keep)), number(ONE))
    high = graph.divide(x, number(ONE))
    low = graph.subtract(x, graph.multiply(high, number(ONE)), everywhere(x.shape, 1 - ONE, ONE - 1))
    rounded = graph.divide(graph.multiply(low, number(keep)), number(ONE))
    proven = Interval(exact_decay(x.low, amount), exact_decay(x.high, amount))
    return graph.add(graph.multiply(high, number(keep)), rounded, proven)
