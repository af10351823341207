"""Which layers a user means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from torch import nn

from edgesnn.errors import ConfigError
from edgesnn.layers import Neuron, QuantLinear, Synapse
from edgesnn.layers.conv import QuantConv
from edgesnn.lower.lower import traced
from edgesnn.target import nearest

WORDS = ("all", "first", "last", "inner", "conv", "linear")


def execution_order(network: nn.Module, kind: type[nn.Module]) -> list[str]:
    """Paths of the network's layers of a kind in the order in which they first run. Raises LoweringError."""
    called = [str(node.target) for node in traced(network).graph.nodes if node.op == "call_module"]
    return [path for path in dict.fromkeys(called) if isinstance(network.get_submodule(path), kind)]


def select_synapses(network: nn.Module, patterns: Sequence[str]) -> list[str]:
    """Paths of the synapse layers that the patterns name together, in order of execution.

    A pattern is a word of WORDS ("inner": all but the first and the last that run), or a path with * and ?; with ! in
    front it takes layers away from those named before it. Raises ConfigError where a path names nothing.
    """
    return _select(network, Synapse, patterns)


def select_neurons(network: nn.Module, patterns: Sequence[str]) -> list[str]:
    """The same for neuron layers."""
    return _select(network, Neuron, patterns)


def _select(network: nn.Module, kind: type[nn.Module], patterns: Sequence[str]) -> list[str]:
    order = execution_order(network, kind)
    words = dict(zip(WORDS, (order, order[:1], order[-1:], order[1:-1]), strict=False))
    words["conv"] = [path for path in order if isinstance(network.get_submodule(path), QuantConv)]
    words["linear"] = [path for path in order if isinstance(network.get_submodule(path), QuantLinear)]
    chosen: set[str] = set()
    for pattern in patterns:
        named = _matching(words, order, pattern.removeprefix("!"))
        chosen = chosen - named if pattern.startswith("!") else chosen | named
    return [path for path in order if path in chosen]


def _matching(words: dict[str, list[str]], order: Collection[str], pattern: str) -> set[str]:
    """The layers of one pattern. A word may match none; a path must match."""
    if pattern in words:
        return set(words[pattern])
    named = {path for path in order if fnmatchcase(path, pattern)}
    if not named:
        raise ConfigError("layers", f"{pattern!r:.80} is no layer", nearest(pattern, [*order, *words]))
    return named
