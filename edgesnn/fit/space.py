"""What a search may change in a network: weight bits, state bits, time steps, channels kept."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from torch import nn

from edgesnn.errors import ConfigError, EdgesnnError
from edgesnn.layers import IntegrateFire, Lif, Neuron, QuantInput, QuantizedLif, TernaryLif
from edgesnn.layers.weights import GRIDS, BinaryWeight
from edgesnn.prune import last_convolution, prune
from edgesnn.structure import synapse_at
from edgesnn.structure.copying import copied
from edgesnn.structure.select import execution_order, select_synapses

WEIGHT_BITS, STATE_BITS, TIME_STEPS, CHANNELS = "weight_bits", "state_bits", "time_steps", "channels"
AXES = (WEIGHT_BITS, STATE_BITS, TIME_STEPS, CHANNELS)
ALLOWED: Mapping[str, tuple[int, ...]] = {WEIGHT_BITS: (1, 2, 4, 8), STATE_BITS: (2, 4, 8)}
PERCENT_KEPT = (25, 50, 75, 100)
MIXED = 0
"""As they are: the present value of an axis whose layers do not agree, or whose width is not searched."""

Configuration = Mapping[str, int]
"""A value for every axis of a space; channels in per cent."""


@dataclass(frozen=True)
class Space:
    """choices: values by axis, ascending. present: those of the network as it is. fixed: axes that this network does
    not have, with the reason. grid: the kind of weight grid for 2 bits and more."""

    choices: Mapping[str, tuple[int, ...]]
    present: Configuration
    fixed: Mapping[str, str]
    grid: str

    @property
    def size(self) -> int:
        return math.prod(len(values) for values in self.choices.values())

    def points(self) -> Iterator[Configuration]:
        """Every configuration."""
        for values in itertools.product(*self.choices.values()):
            yield dict(zip(self.choices, values, strict=True))

    @property
    def smallest(self) -> Configuration:
        """The least of everything."""
        return {axis: next(value for value in values if value) for axis, values in self.choices.items()}


def space_of(network: nn.Module, wanted: Mapping[str, Sequence[int]]) -> Space:
    """The axes that this network has. `wanted` replaces the values of some; its present value always stays in.

    Raises ConfigError where a value is not allowed, or an axis is wanted that the network does not have.
    """
    choices, present, fixed = {}, {}, {}
    for axis in AXES:
        here, values, reason = _RULES[axis](network)
        asked = tuple(wanted.get(axis, ()))
        if reason and asked:
            raise ConfigError(axis.replace("_", " "), reason, f"Leave out --{axis.replace('_', '-')}")
        if reason:
            fixed[axis] = reason
            continue
        _check(axis, asked)
        choices[axis] = tuple(sorted({*(asked or values), here}))
        present[axis] = here
    return Space(choices, present, fixed, _grid(network))


def _weight_bits(network: nn.Module) -> tuple[int, tuple[int, ...], str]:
    synapses = [synapse_at(network, path) for path in select_synapses(network, ("inner",))]
    if not synapses:
        return MIXED, (), "there is no layer between the first and the last"
    if any(synapse.folded for synapse in synapses):
        return MIXED, (), "gains are folded into the 8-bit weights"
    return _common(synapse.quantise.bits for synapse in synapses), ALLOWED[WEIGHT_BITS], ""


def _state_bits(network: nn.Module) -> tuple[int, tuple[int, ...], str]:
    neurons = [network.get_submodule(path) for path in execution_order(network, Neuron)]
    kinds = {type(neuron) for neuron in neurons}
    quantised = [neuron for neuron in neurons if isinstance(neuron, QuantizedLif | TernaryLif)]
    if kinds in ({QuantizedLif}, {TernaryLif}):
        return _common(neuron.state_bits for neuron in quantised), ALLOWED[STATE_BITS], ""
    if kinds <= {Lif, IntegrateFire}:
        return MIXED, ALLOWED[STATE_BITS], ""
    return MIXED, (), f"no rule says how to quantise {', '.join(sorted(kind.__name__ for kind in kinds))}"


def _time_steps(network: nn.Module) -> tuple[int, tuple[int, ...], str]:
    (path,) = execution_order(network, QuantInput)
    source = network.get_submodule(path)
    assert isinstance(source, QuantInput)
    if not source.encoding.repeat:
        return source.time_steps, (), "its samples have a time axis of their own"
    return source.time_steps, tuple(1 << k for k in range(source.time_steps.bit_length())), ""


def _channels(network: nn.Module) -> tuple[int, tuple[int, ...], str]:
    try:
        prune(copied(network), "magnitude", 0.25, prunable(network), [])
    except EdgesnnError as error:
        return 100, (), f"{error.problem}"
    return 100, PERCENT_KEPT, ""


def prunable(network: nn.Module) -> list[str]:
    """Layers whose outputs may go: all convolutions but the last."""
    spared = last_convolution(network)
    return [path for path in select_synapses(network, ("conv",)) if path not in spared]


_RULES = {WEIGHT_BITS: _weight_bits, STATE_BITS: _state_bits, TIME_STEPS: _time_steps, CHANNELS: _channels}


def _common(values: Iterator[int]) -> int:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else MIXED


def _grid(network: nn.Module) -> str:
    """The kind that the inner layers have; zero-free where they are binary, whose grid has no wider form."""
    names = {kind: name for name, kind in GRIDS.items()}
    for path in select_synapses(network, ("inner",)):
        synapse = synapse_at(network, path)
        if not isinstance(synapse.quantise, BinaryWeight):
            return names[type(synapse.quantise)]
    return "zero_free"


def _check(axis: str, asked: tuple[int, ...]) -> None:
    allowed = ALLOWED.get(axis)
    for value in asked:
        within = value in allowed if allowed else 1 <= value <= (100 if axis == CHANNELS else 1 << 10)
        if not within:
            remedy = f"Choose from {', '.join(map(str, allowed))}" if allowed else "Give 1 to 100 (per cent) or steps"
            raise ConfigError(axis.replace("_", " "), f"{value} is not possible", remedy)
