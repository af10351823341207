"""Keeps interpreters from overwriting a tensor that is still needed.

Their memory planner lets a RESHAPE's result share memory with its source, and lets arithmetic write its result over an
operand that nobody else reads. It looks for other readers of the operand and of the memory's first owner, but not of
the tensors in between: a RESHAPE of a sum, the reshaped tensor multiplied in place, and the sum itself read afterwards
give wrong integers (seen in ai-edge-litert 2.3 and tflite-runtime 2.14). So a RESHAPE here is always its source's only
reader; where it is not, it reads a copy.
"""

from __future__ import annotations

from collections import Counter

from edgesnn.targets.tflite.flatbuffer import Subgraph


def separate_reshapes(subgraph: Subgraph) -> None:
    """Gives every RESHAPE whose source has other readers a copy of its own, made by a CONCATENATION of one tensor."""
    graph = subgraph.graph
    readers = Counter(int(tensor) for operator in graph.operators for tensor in operator.inputs)
    reshape = subgraph.model.code("RESHAPE")
    operators, graph.operators = graph.operators, []
    for operator in operators:
        source = int(operator.inputs[0]) if len(operator.inputs) else -1
        if operator.opcodeIndex == reshape and readers[source] > 1:
            operator.inputs[0] = copied(subgraph, source)
        graph.operators.append(operator)


def copied(subgraph: Subgraph, source: int) -> int:
    copy = subgraph.like(source)
    subgraph.operator("CONCATENATION", (source,), (copy,), axis=0)
    return copy
