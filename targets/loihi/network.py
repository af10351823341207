"""The process network of a model: which Lava process each layer becomes, and the synapses between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from edgesnn.integer import Array, Meaning, Model
from edgesnn.integer.ops.readout import Readout, SpikeReadout
from edgesnn.target import Problem
from edgesnn.targets.loihi.grid import Synapses, synapses_for
from edgesnn.targets.loihi.layers import Layer, layers_of
from edgesnn.targets.loihi.limits import (
    check_accumulator,
    check_delay,
    check_message,
    check_size,
    check_states,
    check_total,
    weight_problem,
)
from edgesnn.targets.loihi.linear import Matrix
from edgesnn.targets.loihi.stock import StockLif, stock_lif

MESSAGE_BITS = (8, 16, 24)


@dataclass(frozen=True, eq=False)
class Connection:
    """Synapses from a layer to another. delay: further time steps beyond the one every connection takes.

    message_bits 0: spikes; otherwise graded messages of that width. weight is the exact sum of its synapses.
    """

    source: str
    target: str
    weight: Matrix
    synapses: tuple[Synapses, ...]
    delay: int
    message_bits: int


@dataclass(frozen=True, eq=False)
class Group:
    """A layer on Loihi: `depth` time steps behind the input. stock None: computed by `reason`'s microcode, or, for
    a readout of spikes, by the host."""

    layer: Layer
    depth: int
    stock: StockLif | None = None
    reason: str = ""

    @property
    def name(self) -> str:
        return self.layer.node.name

    @property
    def on_host(self) -> bool:
        return isinstance(self.layer.node.op, SpikeReadout)

    @property
    def readout(self) -> bool:
        return isinstance(self.layer.node.op, Readout)

    @property
    def needs_microcode(self) -> bool:
        return self.stock is None and not self.on_host and bool(self.layer.node.inputs)

    @property
    def pipeline(self) -> tuple[str, ...]:
        """Names of the nodes this group computes, in order."""
        fused = tuple(node.name for node in self.layer.fused)
        return fused if self.name in fused else (*fused, self.name)


@dataclass(frozen=True, eq=False)
class Network:
    """A model as Loihi runs it: groups in graph order (the input first), and the connections between them."""

    model: Model
    groups: tuple[Group, ...]
    connections: tuple[Connection, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def by_name(self) -> Mapping[str, Group]:
        return {group.name: group for group in self.groups}

    @property
    def depth(self) -> int:
        """Time steps from the input to the last layer."""
        return max(group.depth for group in self.groups)

    def notes(self) -> tuple[str, ...]:
        """What runs in simulation but is not Loihi's own neuron."""
        return tuple(
            f"{group.name}: needs neuron microcode on real Loihi 2, because {group.reason}"
            for group in self.groups
            if group.needs_microcode
        )


def network_of(model: Model) -> Network:
    """The network of a model, with everything that keeps it from being exact in `problems`."""
    problems = check_size(model)
    if problems:
        return Network(model, (), (), tuple(problems))
    groups: dict[str, Group] = {}
    connections: list[Connection] = []
    for layer in layers_of(model):
        name = layer.node.name
        depth = 1 + max((groups[source].depth for source in layer.drive.parts), default=-1)
        group = _group(model, layer, depth)
        if group.on_host:
            depth -= 1  # the host reads the spikes of the layers before it: no further hop
            group = Group(layer, depth)
        else:
            for source, weight in layer.drive.parts.items():
                delay = depth - 1 - groups[source].depth
                connections.append(_connection(model, source, name, weight, delay, problems))
        problems += check_states(model, group)
        groups[name] = group
    problems += check_total(connections, len(groups))
    return Network(model, tuple(groups.values()), tuple(connections), tuple(problems))


def _group(model: Model, layer: Layer, depth: int) -> Group:
    if not layer.node.inputs or isinstance(layer.node.op, SpikeReadout):
        return Group(layer, depth)
    registers = stock_lif(model, layer)
    if isinstance(registers, StockLif):
        return Group(layer, depth, registers)
    return Group(layer, depth, None, registers)


def _connection(
    model: Model, source: str, target: str, weight: Matrix, delay: int, problems: list[Problem]
) -> Connection:
    signal = model.signal(source)
    synapses = synapses_for(weight)
    if synapses is None:
        problems.append(weight_problem(source, target, weight))
    problems += check_message(source, signal)
    problems += check_delay(source, target, delay)
    problems += check_accumulator(source, target, weight, signal.range)
    return Connection(source, target, weight, tuple(synapses or ()), delay, message_bits(signal.meaning, signal.bits))


def message_bits(meaning: Meaning, bits: int) -> int:
    """0 for spikes, else the narrowest message width."""
    if meaning is Meaning.SPIKE:
        return 0
    return next((width for width in MESSAGE_BITS if bits <= width), MESSAGE_BITS[-1])


def columns(weight: Matrix) -> Array:
    """Synapses that leave each source neuron."""
    return np.bincount(weight.indices, minlength=weight.shape[1])
