"""One pass over held-out samples: outputs, spikes, events, and synaptic operations as NeuroBench defines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from edgesnn.budget.bits import layers_of
from edgesnn.integer import Array, Interpreter, Model, Node
from edgesnn.integer.counters import Counter, Counters
from edgesnn.integer.ops import Conv, Dense
from edgesnn.progress import Progress, silent

CHUNK = 128
BINARY = (-1, 1)


@dataclass(frozen=True)
class SynapticOperations:
    """Means an inference, as NeuroBench's metric of that name has them (Yik et al., "The NeuroBench framework for
    benchmarking neuromorphic computing algorithms and systems", Nature Communications 2025): effective operations have
    neither a zero input nor a zero weight; they are accumulates (ACs) where every input is -1, 0 or 1, else MACs;
    `dense` counts all. Every time step counts. Biases and pooling do not. Products of two activities, which that
    metric does not know, count as pairs of non-zero factors.
    """

    effective_macs: float
    effective_acs: float
    dense: float


@dataclass(frozen=True)
class Measured:
    """What a model did: outputs (samples, classes), counters by node, operations without zeros by layer (samples,)."""

    outputs: Array
    counters: Mapping[str, Counters]
    effective: Mapping[str, Array]


def measure(model: Model, x: Array, progress: Progress = silent) -> Measured:
    """Runs samples x (samples, T, *input shape) in the interpreter."""
    parts = []
    for start in range(0, len(x), CHUNK):
        progress("measuring", start, len(x))
        parts.append(_measure(model, x[start : start + CHUNK]))
    return Measured(
        np.concatenate([part.outputs for part in parts]),
        {name: Counters.joined([part.counters[name] for part in parts]) for name in parts[0].counters},
        {name: np.concatenate([part.effective[name] for part in parts]) for name in parts[0].effective},
    )


def _measure(model: Model, x: Array) -> Measured:
    interpreter, counter = Interpreter(model), Counter(model, len(x))
    interpreter.reset(len(x))
    nodes = [model.by_name[layer.name] for layer in layers_of(model)]
    effective = {node.name: np.zeros(len(x), np.int64) for node in nodes}
    for t in range(x.shape[1]):
        before = dict(interpreter.states)
        outputs = interpreter.step(x[:, t])
        counter.step(interpreter.values, before)
        for node in nodes:
            effective[node.name] += operations(node, tuple(interpreter.values[source] for source in node.inputs))
    return Measured(outputs, counter.counters(), effective)


def operations(node: Node, inputs: tuple[Array, ...]) -> Array:
    """Operations of one step and layer with neither input nor weight zero, one figure a sample."""
    op = node.op
    if not isinstance(op, Dense | Conv) or bool(op.weight.all()):
        return op.synaptic_adds(inputs)
    active, present = (inputs[0] != 0).astype(np.int64), (op.weight != 0).astype(np.int64)
    reached = active @ present.sum(axis=0) if isinstance(op, Dense) else op.convolve(active, present)
    total: Array = reached.reshape(len(reached), -1).sum(axis=1)
    return total


def synaptic_operations(model: Model, measured: Measured) -> SynapticOperations:
    """Totals of all layers of synapses."""
    macs = acs = dense = 0.0
    for layer in layers_of(model):
        count = float(measured.effective[layer.name].mean())
        binary = all(within(model, source) for source in model.by_name[layer.name].inputs)
        macs, acs = (macs, acs + count) if binary else (macs + count, acs)
        dense += layer.macs * model.time_steps
    return SynapticOperations(macs, acs, dense)


def within(model: Model, source: str) -> bool:
    """Whether every value of a node is -1, 0 or 1."""
    values = model.signal(source).range
    return BINARY[0] <= values.minimum and values.maximum <= BINARY[1]
