"""The whole account of a model: measured on held-out samples, asked of every target."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesnn.activity import of_node
from edgesnn.api import session_of
from edgesnn.budget.bits import LayerBits, layers_of
from edgesnn.budget.confidence import Estimate, mean, proportion
from edgesnn.budget.fair import FairPair, fair_pair
from edgesnn.budget.measure import Measured, SynapticOperations, measure, synaptic_operations
from edgesnn.budget.memory import firing
from edgesnn.budget.rows import Row, defined_row, heavy, row_of
from edgesnn.choice import Choice
from edgesnn.energy import estimates
from edgesnn.errors import ToolError, UnsupportedModelError
from edgesnn.integer import Model, decide
from edgesnn.profiling import profile_session
from edgesnn.progress import Progress, silent
from edgesnn.samples import Samples
from edgesnn.target import MODELLED, Board, Cost, Target, targets

RUN_SAMPLES = 10
"""Samples that a board runs for its instruction count, which is exact."""


@dataclass(frozen=True)
class LayerRow:
    """One layer as defined: bits, budget, and the measured rate of events (events / MACs / T)."""

    bits: LayerBits
    bit_budget: float
    rate: float


@dataclass(frozen=True)
class Budget:
    """One model's account. `data` names the samples behind every measured figure; rate is the mean fraction of neurons
    that fire in a step, spikes are those of neurons in an inference; accuracy is None without labels. The first row is
    the model as defined."""

    model: str
    data: str
    time_steps: int
    macs: int
    rate: Estimate
    spikes: float
    accuracy: Estimate | None
    synaptic_operations: SynapticOperations
    layers: tuple[LayerRow, ...]
    rows: tuple[Row, ...]
    fair: FairPair


def analyse(model: Model, samples: Samples, run: Choice | None = None, progress: Progress = silent) -> Budget:
    """Counts on `samples` what the model does, and asks every target, or the one of `run`, how it stores it.

    Args:
        run: a board to run some samples on besides, for instructions and its modelled energy.
    """
    measured = measure(model, samples.x, progress)
    places = [(run.target, run.board)] if run else [(place, place.board()) for place in targets().values()]
    rows = [defined_row(model, measured)]
    for place, board in places:
        progress(f"asking {place.name}", 0, None)
        rows.append(backend_row(model, place, board, measured))
    if run and rows[-1].refused is None:
        rows[-1] = with_run(rows[-1], run, samples, progress)
    return summary(model, samples, measured, rows)


def summary(model: Model, samples: Samples, measured: Measured, rows: Sequence[Row]) -> Budget:
    layers, fired, neurons = layers_of(model), firing(model), 0
    per_sample = np.zeros(len(samples))
    for name in fired:
        per_sample = per_sample + measured.counters[name].spikes
        neurons += measured.counters[name].neurons
    right = None if samples.labels is None else int((decide(measured.outputs) == samples.labels).sum())
    own = rows[0].energy
    assert own is not None
    return Budget(
        model=model.name,
        data=samples.source,
        time_steps=model.time_steps,
        macs=sum(layer.macs for layer in layers),
        rate=mean(per_sample / max(1, neurons * model.time_steps)),
        spikes=float(per_sample.mean()),
        accuracy=None if right is None else proportion(right, len(samples)),
        synaptic_operations=synaptic_operations(model, measured),
        layers=tuple(layer_row(layer, measured, model.time_steps) for layer in layers),
        rows=tuple(rows),
        fair=fair_pair(layers, neurons, heavy(model), own),
    )


def layer_row(layer: LayerBits, measured: Measured, time_steps: int) -> LayerRow:
    events = float(measured.counters[layer.name].synaptic_adds.mean())
    return LayerRow(layer, layer.bit_budget, events / (layer.macs * time_steps))


def backend_row(model: Model, place: Target, board: Board, measured: Measured) -> Row:
    name = f"{place.name}/{board.name}"
    try:
        stored = place.storage(model, board)
    except (UnsupportedModelError, ToolError) as error:
        return Row(model.name, name, model.time_steps, refused=str(error))
    if not stored:
        return Row(model.name, name, model.time_steps, refused="this target does not say how it stores a model")
    row = row_of(model, name, stored, measured)
    counted = {node.name: of_node(model, node.name, measured.counters[node.name]) for node in model.nodes}
    best = estimates(Cost(), counted, place.name, board)[0]  # without a run: what a table of events tells
    return dataclasses.replace(row, board_energy=best if best.label == MODELLED else None)


def with_run(row: Row, run: Choice, samples: Samples, progress: Progress) -> Row:
    """The row with what the running board tells."""
    with session_of(run, progress) as session:
        progress("profile", 0, None)
        few, place = samples.x[:RUN_SAMPLES], run.target.name
        told = profile_session(session, place, run.board, few, samples.source, extremes=False, cycles=False)
    return dataclasses.replace(row, instructions=told.instructions, board_energy=told.energy)
