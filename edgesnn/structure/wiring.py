"""Which synapses drive a neuron, and which ones read its spikes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import fx, nn

from edgesnn.layers import Neuron, Synapse
from edgesnn.lower.lower import traced


@dataclass(frozen=True)
class Wiring:
    """By path of a neuron layer: the synapse layers whose currents reach it, and those that its spikes reach, with
    nothing but additions, concatenations, reshapes and pooling between."""

    drivers: Mapping[str, frozenset[str]]
    readers: Mapping[str, frozenset[str]]


def wiring(network: nn.Module) -> Wiring:
    """Traces the network. Raises LoweringError."""
    sources: dict[fx.Node, frozenset[str]] = {}
    drivers: dict[str, frozenset[str]] = {}
    readers: dict[str, frozenset[str]] = {}
    graph = traced(network)
    for node in graph.graph.nodes:
        reaching = frozenset().union(*(sources[source] for source in node.all_input_nodes))
        module = graph.get_submodule(str(node.target)) if node.op == "call_module" else None
        sources[node] = frozenset({str(node.target)}) if isinstance(module, (Neuron, Synapse)) else reaching
        if isinstance(module, Neuron):
            drivers[str(node.target)] = drivers.get(str(node.target), frozenset()) | reaching
            readers.setdefault(str(node.target), frozenset())
        elif isinstance(module, Synapse):
            for path in reaching:
                readers[path] = readers.get(path, frozenset()) | {str(node.target)}
    return Wiring(drivers, {path: found for path, found in readers.items() if path in drivers})
