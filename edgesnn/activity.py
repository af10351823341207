"""What a model does, counted by the interpreter: spikes, synaptic additions, neuron updates; means per inference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.integer import Array, Meaning, Model, run
from edgesnn.integer.counters import Counters

SPIKING = (Meaning.SPIKE, Meaning.TERNARY)


@dataclass(frozen=True)
class Activity:
    """Means per inference of one node. Products of the data have no say in `multiplies` (decays, rescaling)."""

    spikes: float | None  # None where the output is no spike
    rate: float | None
    synaptic_adds: float
    synaptic_multiplies: float
    dense_adds: int
    multiplies: int
    updates: int  # neuron updates: neurons with a state times steps
    clipped: float = 0.0  # values that saturation changed


def activity(model: Model, x: Array) -> Mapping[str, Activity]:
    """Counts over the samples x (samples, T, *input shape), by node."""
    counted = run(model, x, count=True).counters
    return {node.name: of_node(model, node.name, counted[node.name]) for node in model.nodes}


def of_node(model: Model, name: str, counters: Counters) -> Activity:
    spiking = model.signal(name).meaning in SPIKING
    states = model.states_of(model.by_name[name])
    return Activity(
        spikes=float(counters.spikes.mean()) if spiking else None,
        rate=counters.rate if spiking else None,
        synaptic_adds=float(counters.synaptic_adds.mean()),
        synaptic_multiplies=float(counters.synaptic_multiplies.mean()),
        dense_adds=counters.dense_adds,
        multiplies=counters.multiplies,
        updates=counters.neurons * counters.steps if states else 0,
        clipped=float(counters.clipped.mean()),
    )


def neuron_spikes(counted: Mapping[str, Activity]) -> float:
    """Spikes that neurons fire in an inference; a spike that pooling or reshaping passes on is not another one."""
    return sum(item.spikes for item in counted.values() if item.spikes is not None and item.updates)
