"""What a model costs, as it is defined and on every backend: one row each."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from edgesnn.budget.bits import LayerBits, layers_of
from edgesnn.budget.effort import Effort, effort
from edgesnn.budget.joules import Joules, joules
from edgesnn.budget.measure import Measured, within
from edgesnn.budget.memory import Memory, defined, firing, memory_of
from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Conv, Dense
from edgesnn.target import Energy, Stored

DEFINITION = "as defined"


@dataclass(frozen=True)
class Row:
    """One model on one backend, or as defined: bits, operations and joules stay apart.

    time_steps: T. effort: with the bits of this backend. additions: synaptic, that it executes in an inference: where
    work follows spikes those of events, else all. instructions, board_energy: of a board that was run.
    refused: why the backend does not run the model; the rest is None then.
    """

    model: str
    backend: str
    time_steps: int
    effort: Effort | None = None
    additions: float | None = None
    memory: Memory | None = None
    energy: Joules | None = None
    instructions: float | None = None
    board_energy: Energy | None = None
    refused: str | None = None


def row_of(model: Model, backend: str, stored: Mapping[str, Stored], measured: Measured) -> Row:
    """From what the backend stores and what the interpreter counted; where it does not say, bits are as defined."""
    cached = backend == DEFINITION
    layers = [on_backend(model, layer, stored, cached) for layer in layers_of(model)]
    events = {layer.name: float(measured.counters[layer.name].synaptic_adds.mean()) for layer in layers}
    driven = all(item.event_driven for item in stored.values())
    adds = {layer.name: executed(layer, events[layer.name], model.time_steps, driven) for layer in layers}
    spikes = {name: float(measured.counters[name].spikes.mean()) for name in firing(model)}
    memory = memory_of(model, stored, tuple(layers), adds, spikes)
    updates = sum(item.state_writes for item in measured.counters.values())
    decays = sum(item.multiplies for item in measured.counters.values())
    products = sum(adds[name] for name in (multiplying(model, layers) if driven else adds))
    return Row(
        model=model.name,
        backend=backend,
        time_steps=model.time_steps,
        effort=effort(layers, events, model.time_steps),
        additions=sum(adds.values()),
        memory=memory,
        energy=joules(sum(adds.values()) + updates, products + decays, memory),
    )


def executed(layer: LayerBits, events: float, time_steps: int, event_driven: bool) -> float:
    """Synaptic additions of an inference."""
    if event_driven:
        return events * layer.steps / time_steps
    return float(layer.macs * layer.steps)


def on_backend(model: Model, layer: LayerBits, stored: Mapping[str, Stored], cached: bool) -> LayerBits:
    """The layer with the bits that the backend stores, and with T steps unless it computes static layers once."""
    if cached:
        return layer
    first, *others = model.by_name[layer.name].inputs
    second = stored.get(others[0]) if others else stored.get(layer.name)
    source = stored.get(first) or Stored()
    weight = second and (second.output_bits if others else second.weight_bits)
    return dataclasses.replace(
        layer,
        steps=model.time_steps,
        weight_bits=weight or layer.weight_bits,
        spike_bits=source.output_bits or layer.spike_bits,
    )


def multiplying(model: Model, layers: Collection[LayerBits]) -> set[str]:
    """Layers that need a multiplier: neither their inputs nor their weights are all -1, 0 or 1."""
    return {layer.name for layer in layers if not within(model, model.by_name[layer.name].inputs[0])} & heavy(model)


def heavy(model: Model) -> set[str]:
    """Layers whose weights, or second factor, leave -1..1."""
    return {node.name for node in model.nodes if _leaves(model, node)}


def _leaves(model: Model, node: Node) -> bool:
    if isinstance(node.op, Dense | Conv):
        return bool(abs(node.op.weight).max() > 1)
    return len(node.inputs) == 2 and not within(model, node.inputs[1])


def defined_row(model: Model, measured: Measured) -> Row:
    return row_of(model, DEFINITION, defined(model), measured)
