"""Which channels go together: the identity of every channel, followed through the traced network.

Beside each tensor runs an integer array of a sample's shape that says which channel each element belongs to. Reshapes,
pooling and concatenations move these numbers as they move the data, so that no rule about offsets is needed; an
addition says that two channels are one. What cannot be followed is tied to FIXED, and is never removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from torch import Tensor, fx, nn

from edgesnn import layers
from edgesnn.integer import Array
from edgesnn.layers.conv import QuantConv
from edgesnn.lower.functions import FUNCTIONS, METHODS, add, concatenate, mean, reshape
from edgesnn.lower.lower import IDENTITIES, RESHAPES, example, input_layer, traced

FIXED = 0
"""The group of everything that must stay."""
LEADING = 2
ELEMENTWISE = (layers.Neuron, layers.Membrane, layers.SpikeCount, layers.FirstSpike, *IDENTITIES)
POOLS = (layers.MaxPool, layers.SumPool)


@dataclass(frozen=True)
class Channels:
    """Groups of channels that stay or go together, FIXED or a number above it.

    outputs, inputs: the group of each output and input channel of every synapse layer, by path, in order of execution.
    neurons: the group of each channel of a neuron layer's output. count: no group's number is as large.
    """

    outputs: Mapping[str, Array]
    inputs: Mapping[str, Array]
    neurons: Mapping[str, Array]
    count: int

    def families(self) -> list[tuple[str, ...]]:
        """Synapse layers whose outputs are coupled by additions; most families have one member."""
        found: list[tuple[set[str], set[int]]] = []
        for path, groups in self.outputs.items():
            mine = set(groups.tolist()) - {FIXED}
            joined = [family for family in found if family[1] & mine]
            found = [family for family in found if family not in joined]
            members = {path}.union(*(family[0] for family in joined))
            found.append((members, mine.union(*(family[1] for family in joined))))
        return [tuple(path for path in self.outputs if path in members) for members, _ in found]


def channels(network: nn.Module) -> Channels:
    """Follows the channels of a network made of edgesnn.layers. Raises LoweringError where it cannot be traced."""
    following = Following(network)
    following.follow()
    return following.result()


class Following(fx.Interpreter):
    """Runs the network in eval mode on an example, with an array of channel numbers beside each tensor."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__(traced(network))
        self.network = network
        self.numbers: dict[fx.Node, Array] = {}
        self.outputs: dict[str, Array] = {}
        self.inputs: dict[str, Array] = {}
        self.neurons: dict[str, Array] = {}
        self.ties: list[Array] = []
        self.count = FIXED + 1

    @torch.no_grad()
    def follow(self) -> None:
        was_training = self.network.training
        self.network.eval()
        source = input_layer(self.network)
        samples = 2 if source.time_steps != 2 else 3
        self.run(example(source, samples))
        self.network.train(was_training)

    def result(self) -> Channels:
        """The connected components of all ties."""
        pairs = np.concatenate([np.zeros((2, 1), np.int64), *self.ties], axis=1)
        graph = coo_array((np.ones(pairs.shape[1]), pairs), shape=(self.count, self.count))
        _, group = connected_components(graph, directed=False)
        first = {int(label): index for index, label in reversed(list(enumerate(group)))}
        group = np.array([first[int(label)] for label in group])  # a group is named after its first channel
        outputs, inputs, neurons = (
            {path: group[numbers] for path, numbers in known.items()}
            for known in (self.outputs, self.inputs, self.neurons)
        )
        return Channels(outputs, inputs, neurons, self.count)

    def run_node(self, node: fx.Node) -> Any:
        result = super().run_node(node)
        if node.op == "placeholder":
            return result
        if isinstance(result, Tensor) and result.ndim > LEADING and node.op != "output":
            self.numbers[node] = self._numbers(node, tuple(result.shape[LEADING:]))
        else:  # the network's output, a mean over time, or something that is no tensor
            self._unknown(self._sources(node), ())
        return result

    def _numbers(self, node: fx.Node, shape: tuple[int, ...]) -> Array:
        sources = self._sources(node)
        if node.op == "call_module":
            return self._module(str(node.target), self.fetch_attr(str(node.target)), sources, shape)
        rule = (FUNCTIONS if node.op == "call_function" else METHODS).get(node.target) if sources else None
        if rule is reshape:
            return sources[0].reshape(shape)
        if rule is concatenate:
            return np.concatenate(sources)
        if rule is mean:
            return self._pooled(sources[0], shape)
        if rule is add and len(sources) == 2 and sources[0].shape == sources[1].shape:
            self._tie(*sources)
            return sources[0]
        return self._unknown(sources, shape)

    def _module(self, path: str, module: nn.Module, sources: list[Array], shape: tuple[int, ...]) -> Array:
        if isinstance(module, layers.Synapse) and len(sources) == 1:
            return self._synapse(path, module, sources[0], shape)
        if isinstance(module, ELEMENTWISE):
            if isinstance(module, layers.Neuron):
                self._remember(self.neurons, path, self._channelwise(sources[0]))
            return sources[0]
        if isinstance(module, POOLS):
            return self._pooled(sources[0], shape)
        if isinstance(module, RESHAPES):
            return sources[0].reshape(shape)
        return self._unknown(sources, shape)

    def _synapse(self, path: str, module: layers.Synapse, source: Array, shape: tuple[int, ...]) -> Array:
        if path not in self.outputs:
            self.outputs[path] = np.arange(self.count, self.count + shape[0])
            self.count += shape[0]
        read = self._channelwise(source)
        if isinstance(module, QuantConv) and module.groups > 1:
            if module.groups == len(read) == shape[0]:  # depthwise: an output stays or goes with its input
                self._tie(read, self.outputs[path])
            else:
                self._fix(read)
                self._fix(self.outputs[path])
        else:
            self._remember(self.inputs, path, read)
        return _spread(self.outputs[path], shape)

    def _remember(self, known: dict[str, Array], path: str, numbers: Array) -> None:
        """A layer used twice reads the same channels both times, or its channels are tied to become so."""
        if path in known:
            self._tie(numbers, known[path])
        known[path] = numbers

    def _pooled(self, source: Array, shape: tuple[int, ...]) -> Array:
        return _spread(self._channelwise(source), shape)

    def _channelwise(self, source: Array) -> Array:
        """The channel of each index of the first axis. Where there are several, they are fixed."""
        rows = source.reshape(len(source), -1)
        mixed = (rows != rows[:, :1]).any(axis=1)
        self._fix(rows[mixed])
        return np.where(mixed, FIXED, rows[:, 0])

    def _unknown(self, sources: list[Array], shape: tuple[int, ...]) -> Array:
        for source in sources:
            self._fix(source)
        return np.full(shape, FIXED)

    def _sources(self, node: fx.Node) -> list[Array]:
        found: list[Array] = []
        fx.map_arg((node.args, node.kwargs), lambda a: found.append(self.numbers[a]) if a in self.numbers else None)
        return found

    def _fix(self, numbers: Array) -> None:
        self._tie(numbers, np.full_like(numbers, FIXED))

    def _tie(self, first: Array, second: Array) -> None:
        self.ties.append(np.unique(np.stack([first.ravel(), second.ravel()]), axis=1))


def _spread(numbers: Array, shape: tuple[int, ...]) -> Array:
    """A number a channel, over a sample's shape."""
    return np.broadcast_to(numbers.reshape(-1, *(1,) * (len(shape) - 1)), shape)
