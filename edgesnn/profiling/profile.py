"""One account of what a model costs: the device's figures, the interpreter's counts, and the energy they imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edgesnn.activity import Activity, activity, neuron_spikes
from edgesnn.energy import estimates, tables
from edgesnn.integer import Array, Model, Node
from edgesnn.profiling.meters import Measurement
from edgesnn.spread import Distribution, distribution
from edgesnn.target import MODELLED, Board, BreakEven, Cost, Cycles, Energy, LayerCost, Session, WorstCase

COST_SAMPLES = 20
"""Samples whose instructions are counted unless more are asked for; counts are exact, so few are enough for a mean."""


@dataclass(frozen=True)
class LayerProfile:
    """Cost of one node. Counts are means per inference; None where nobody can tell, or it makes no sense.

    spikes, rate, synaptic_adds, dense_adds: counted by the interpreter on the same samples. dense_adds: what
    execution without regard to spikes would add. clipped: potentials and values that saturation changed.
    worst_instructions: its part of the worst case. dense_instructions: of a dense kernel in its place; break_even: the
    rate of active inputs from which on that would cost less, None also where it never would. The rest: the target's;
    cycles are modelled, the typical figure.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    spikes: float | None
    rate: float | None
    synaptic_adds: float
    dense_adds: int
    clipped: float
    instructions: float | None
    weight_bytes: int | None
    state_bytes: int | None
    arena_bytes: int | None
    cycles: float | None = None
    worst_instructions: int | None = None
    dense_instructions: float | None = None
    break_even: float | None = None


@dataclass(frozen=True)
class Bound:
    """Most instructions of an inference. by: how that was found, in words."""

    instructions: int
    by: str


@dataclass(frozen=True)
class Dense:
    """All synapses held against dense kernels of their shapes, which take so many instructions in an inference. rate:
    the share of active inputs, the same in all layers, from which on dense kernels cost less; None: never. reference:
    where the dense figures are from."""

    instructions: float
    rate: float | None
    reference: str


@dataclass(frozen=True)
class Profile:
    """Cost of a model on a board. None where the target cannot tell.

    stack_bytes: proven worst case; stack_used_bytes: high-water mark. instructions: mean per inference; spread: from
    sample to sample; energy_spread: microjoules by the table that models energy from instructions. energy: the
    best kind of figure there is, energies: all of them, one table each; kinds are never mixed. measurement: what a
    power meter said, if there was one. cycles: modelled, where the board is emulated and its core's timings are known.
    """

    model: str
    target: str
    board: str
    data: str
    samples: int
    flash_bytes: int | None
    ram_bytes: int | None
    stack_bytes: int | None
    stack_used_bytes: int | None
    file_bytes: int | None
    instructions: float | None
    spikes: float
    synaptic_adds: float
    dense_adds: int
    energy: Energy
    energies: tuple[Energy, ...]
    layers: tuple[LayerProfile, ...]
    memory_map: tuple[tuple[str, str, int], ...]
    notes: tuple[str, ...] = ()
    measurement: Measurement | None = None
    cycles: Cycles | None = None
    spread: Distribution | None = None
    energy_spread: Distribution | None = None
    worst_case: Bound | None = None
    dense: Dense | None = None


def profile_session(
    session: Session,
    target: str,
    board: Board,
    x: Array,
    data: str,
    table: str | None = None,
    measurement: Measurement | None = None,
    extremes: bool = True,
    cycles: bool = True,
) -> Profile:
    """Profiles a running device on the samples x (samples, T, *input shape), all of which are counted.

    Args:
        table: name of the energy table to use instead of the board's own.
        measurement: what a power meter said of the same device and samples.
        extremes: whether to look for the worst case and the break-even with dense kernels, which takes seconds.
        cycles: whether to model them where they are not counted.
    """
    model = session.model
    cost = session.cost(x, cycles)
    if measurement is not None:
        cost = replace(cost, energy=measurement.energy)
    counted = activity(model, x)
    energies = estimates(cost, counted, target, board, table)
    worst, even = (session.worst_case(), session.break_even()) if extremes else (None, None)
    spread = distribution(cost.sample_instructions)
    layers = tuple(
        held_against(layer_profile(model, node, counted[node.name], cost.layers.get(node.name)), worst, even)
        for node in model.nodes
    )
    return Profile(
        model=model.name,
        target=target,
        board=board.name,
        data=data,
        samples=len(x),
        flash_bytes=cost.flash_bytes,
        ram_bytes=cost.ram_bytes,
        stack_bytes=cost.stack_bytes,
        stack_used_bytes=cost.stack_used_bytes,
        file_bytes=cost.file_bytes,
        instructions=cost.instructions,
        spikes=neuron_spikes(counted),
        synaptic_adds=sum(item.synaptic_adds for item in counted.values()),
        dense_adds=sum(item.dense_adds for item in counted.values()),
        energy=energies[0],
        energies=energies,
        layers=layers,
        memory_map=tuple(cost.memory_map),
        notes=(
            *cost.notes,
            *uncalibrated(cost),
            *compared(even),
            *saturated(layers),
            *metered(measurement, board),
        ),
        measurement=measurement,
        cycles=cost.cycles,
        spread=spread,
        energy_spread=modelled(spread, cost, energies),
        worst_case=Bound(worst.instructions, worst.by) if worst else None,
        dense=Dense(even.whole.dense, even.whole.rate, even.reference) if even else None,
    )


def modelled(spread: Distribution | None, cost: Cost, energies: Sequence[Energy]) -> Distribution | None:
    """The spread of energy, where a table models it from instructions: it is proportional to them."""
    found = next((energy for energy in energies if energy.label == MODELLED), None)
    if spread is None or found is None or not cost.instructions or tables()[found.table].kind != "instructions":
        return None
    return spread.scaled(found.value / cost.instructions)


def held_against(layer: LayerProfile, worst: WorstCase | None, even: BreakEven | None) -> LayerProfile:
    """The layer with its worst case and its break-even, where they are known."""
    dense = even.layers.get(layer.name) if even else None
    return replace(
        layer,
        worst_instructions=worst.layers[layer.name] if worst else None,
        dense_instructions=dense.dense if dense else None,
        break_even=dense.rate if dense else None,
    )


def metered(measurement: Measurement | None, board: Board) -> tuple[str, ...]:
    """What has to be known of a measurement to believe it; nothing where there is none."""
    if measurement is None:
        return ()
    emulated = (f"{board.name} is no hardware: the meter measured what is wired to it, not this model",)
    return (*measurement.remarks(), *(emulated if board.emulated else ()))


def compared(even: BreakEven | None) -> tuple[str, ...]:
    return (f"dense kernels are not run here: {even.reference}",) if even else ()


def uncalibrated(cost: Cost) -> tuple[str, ...]:
    if cost.instructions is None:
        return ("instructions are not counted on this board",)
    return ()


def saturated(layers: tuple[LayerProfile, ...]) -> tuple[str, ...]:
    """What saturation changed, in words; nothing where it changed nothing."""
    found = [f"{layer.name} {layer.clipped:,.1f}" for layer in layers if layer.clipped]
    return (f"values clipped by saturation, per inference: {', '.join(found)}",) if found else ()


def layer_profile(model: Model, node: Node, counted: Activity, cost: LayerCost | None) -> LayerProfile:
    return LayerProfile(
        name=node.name,
        kind=node.op.kind,
        shape=model.signal(node.name).shape,
        spikes=counted.spikes,
        rate=counted.rate,
        synaptic_adds=counted.synaptic_adds,
        dense_adds=counted.dense_adds,
        clipped=counted.clipped,
        instructions=cost.instructions if cost else None,
        weight_bytes=cost.weight_bytes if cost else None,
        state_bytes=cost.state_bytes if cost else None,
        arena_bytes=cost.arena_bytes if cost else None,
        cycles=cost.cycles if cost else None,
    )
