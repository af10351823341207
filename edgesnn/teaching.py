"""Samples streamed to a device that learns, held against the reference learner, and what it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from edgesnn.by_sample import BySample, Spread, by_sample
from edgesnn.energy import Table
from edgesnn.energy.estimate import UNIT, default_table
from edgesnn.energy.events import energy_of_counts
from edgesnn.energy.instructions import energy_of_instructions
from edgesnn.energy.table import Figure, table
from edgesnn.errors import ConfigError, DataError
from edgesnn.integer import Array
from edgesnn.integer.learning import Layer
from edgesnn.lessons import Lessons
from edgesnn.progress import Progress, silent
from edgesnn.spread import Distribution
from edgesnn.switched import Switched, frozen_decisions, switched
from edgesnn.target import Board, Energy
from edgesnn.taught import Kept, Knowledge, LearningSession, Taught
from edgesnn.traffic import Traffic, traffic

PARTS = 10
"""Stretches of equal length whose accuracy is told."""
OPERATIONS = ("adds", "multiplies", "reciprocals", "updates")


@dataclass(frozen=True)
class Stretch:
    """Accuracy on the samples up to `samples`, from where the stretch before it ended."""

    samples: int
    accuracy: float


@dataclass(frozen=True)
class Operations:
    """A sample's, on average. adds: synaptic additions of the forward pass. multiplies: of errors and moves.
    reciprocals: in the place of divisions. updates: weights read, changed and written."""

    adds: float
    multiplies: float
    reciprocals: float
    updates: float


@dataclass(frozen=True)
class Instructions:
    """A learned sample's, on average: up to the decision, of errors, and of moving weights and thresholds."""

    forward: float
    backward: float
    update: float

    @property
    def learning(self) -> float:
        return self.backward + self.update

    @property
    def whole(self) -> float:
        return self.forward + self.learning


@dataclass(frozen=True)
class Ratios:
    """How many times the instructions of a learned sample the baseline takes: in all, and for errors and weights."""

    whole: float
    learning: float


@dataclass(frozen=True)
class LearningEnergy:
    """Energy of a learned sample, and of one weight's update: what learning takes beyond deciding, by update.

    backward: None where a host computes the errors.
    """

    forward: Energy
    backward: Energy | None
    update: Energy
    each_update: Energy | None


@dataclass(frozen=True)
class SwitchedEnergy:
    """Energy of a sample with learning on and off, and the difference: what learning takes."""

    on: Energy
    off: Energy
    difference: Energy


@dataclass(frozen=True)
class Teaching:
    """What came out.

    exact: decisions, weights, masters, thresholds and counts are those of the reference learner; difference: what is
    not, first. accuracy: of decisions made before the label was seen. overruns: samples that had too many spikes to be
    learned. saturated: errors and weights that a limit changed. instructions, energy, saturated: None where the device
    does not count. ticks: time steps of a sample. spread, energy_spread: of instructions, and of microjoules as far as
    these are modelled from instructions, over the samples that were learned. switched: the same samples once more, with
    learning off, where instructions are counted. resumed: samples that the device had learned from before, and stored;
    stored: what it stored at the end; all other figures are those of these samples. against: the baseline, taught the
    same samples, if that was asked for; ratios: None also where instructions are not counted. Memory in bytes; None
    where the operating system gives it, or the target has no such figure.
    """

    network: str
    rule: str
    target: str
    board: str
    data: str
    ticks: int
    exact: bool
    difference: str | None
    samples: int
    accuracy: float
    course: tuple[Stretch, ...]
    learned: int
    overruns: int
    saturated: int | None
    operations: Operations
    instructions: Instructions | None
    energy: LearningEnergy | None
    spread: Spread | None
    energy_spread: Distribution | None
    traffic: Traffic | None
    switched: Switched | None
    switched_energy: SwitchedEnergy | None
    by_sample: BySample
    flash_bytes: int | None
    ram_bytes: int | None
    stack_bytes: int | None
    learner_bytes: int
    resumed: int
    stored: Kept | None
    against: Teaching | None = None
    ratios: Ratios | None = None

    @property
    def all_exact(self) -> bool:
        return self.exact and (self.against is None or self.against.exact)


def against(teaching: Teaching, baseline: Teaching | None) -> Teaching:
    """With the baseline and what it takes more."""
    if baseline is None:
        return teaching
    mine, its = teaching.instructions, baseline.instructions
    ratios = Ratios(its.whole / mine.whole, its.learning / mine.learning) if mine and its else None
    return replace(teaching, against=baseline, ratios=ratios)


def teach_session(
    session: LearningSession,
    target: str,
    board: Board,
    lessons: Lessons,
    source: Table | None,
    progress: Progress = silent,
    store: bool = False,
    resume: bool = False,
) -> tuple[Teaching, tuple[Layer, ...]]:
    """Teaches the device all samples, one by one, and the reference the same; the layers are those of the device.

    source: the energy table of the board, if there is one. resume: the device goes on from what it has stored; store:
    it stores what it has learned at the end.
    """
    pupil = session.pupil
    samples = lessons.samples(pupil.learning.rule, pupil.ticks, pupil.latency, pupil.faintest)
    labels = lessons.labels.tolist()
    if resume:
        session.recall()
    else:
        session.forget()
    beginning = session.reference()
    before = Knowledge.of(beginning).tally if resume else {}
    # first, because nothing is learned: the device then still has the weights to begin with
    frozen = teach_frozen(session, samples, labels, progress) if session.counts else None
    session.switch(True)
    taught = session.teach(samples, labels, progress)
    stored = session.store() if store else None
    found = session.knowledge()
    progress("compare", 0, None)
    decisions, known = session.expected(samples, labels)
    difference = first_difference(taught, decisions) or known.difference(found)
    if frozen is not None and difference is None:
        difference = first_difference(frozen, frozen_decisions(beginning, samples), "with learning off, ")
    cost = switched(taught, frozen, labels) if frozen is not None else None
    series = by_sample(taught, labels)
    spread = series.spread()
    instructions = mean_instructions(taught)
    tally = {what: count - before.get(what, 0) for what, count in found.tally.items()}
    counts = {what: count / len(taught) for what, count in tally.items()}
    operations = Operations(**{what: counts[what] for what in OPERATIONS})
    teaching = Teaching(
        network="-".join(str(size) for size in (pupil.inputs, *(len(layer.weight) for layer in pupil.layers))),
        rule=pupil.learning.rule,
        target=target,
        board=board.name,
        data=lessons.source,
        ticks=pupil.ticks,
        exact=difference is None,
        difference=difference,
        samples=len(taught),
        accuracy=float(np.mean(series.right)),
        course=course_of(np.array(series.right)),
        learned=tally["learned"],
        overruns=tally["overruns"],
        saturated=tally["saturated"] + tally["clipped"] if "saturated" in tally else None,
        operations=operations,
        instructions=instructions,
        energy=energy_of_events(source, counts)
        if source is not None and source.kind == "events"
        else energy_of(source, instructions, operations.updates),
        spread=spread,
        energy_spread=energy_spread(source, spread),
        traffic=traffic(pupil, counts),
        switched=cost,
        switched_energy=switched_energy(source, cost),
        by_sample=series,
        flash_bytes=session.room.flash_bytes,
        ram_bytes=session.room.ram_bytes,
        stack_bytes=session.room.stack_bytes,
        learner_bytes=session.room.learner_bytes,
        resumed=before.get("samples", 0),
        stored=stored,
    )
    return teaching, session.layers(found)


def check_kept(store: bool, resume: bool, port: str | None, out: Path | str | None) -> None:
    """Raises ConfigError where the flash would end with the program that emulates it."""
    if (store or resume) and port is None and out is None:
        name = "--store" if store else "--resume"
        problem = (
            "keeps nothing: the flash of a board without a port lies in the folder of the build, and none is named"
        )
        raise ConfigError(name, problem, "Name one with --out DIR, the same every time")


def teach_frozen(
    session: LearningSession, samples: Sequence[Array], labels: Sequence[int], progress: Progress
) -> list[Taught]:
    """The samples with learning off."""
    session.switch(False)
    return session.teach(samples, labels, progress)


def check_labels(lessons: Lessons, classes: int) -> None:
    """Raises DataError for a label that is no class."""
    wrong = lessons.labels[(lessons.labels < 0) | (lessons.labels >= classes)]
    if len(wrong):
        raise DataError(lessons.source, f"has label {wrong[0]}, the network {classes} classes", "Give it as many")


def first_difference(taught: Sequence[Taught], decisions: Sequence[int], when: str = "") -> str | None:
    """Between what the device and what the reference decided."""
    for index, (one, decision) in enumerate(zip(taught, decisions, strict=True)):
        if one.decision != decision:
            return f"{when}sample {index}: the device decides {one.decision}, the reference {decision}"
    return None


def course_of(right: np.ndarray) -> tuple[Stretch, ...]:
    """Accuracy over the samples, in stretches of equal length."""
    ends = sorted({round(len(right) * part / PARTS) for part in range(1, PARTS + 1)} - {0})
    starts = [0, *ends[:-1]]
    return tuple(Stretch(end, float(right[start:end].mean())) for start, end in zip(starts, ends, strict=True))


def mean_instructions(taught: Sequence[Taught]) -> Instructions | None:
    """Over the samples that were learned."""
    counts = [(one.forward, one.backward, one.update) for one in taught if one.learned and one.forward is not None]
    return Instructions(*np.array(counts, np.float64).mean(axis=0).tolist()) if counts else None


def energy_source(target: str, board: Board, name: str | None, counted: str) -> Table | None:
    """The table named, or the board's own, if it is one of what the target counts. Raises ConfigError if the named one
    is not."""
    chosen = table(name) if name else default_table(target, board)
    if chosen is not None and chosen.kind != counted:
        if name:
            raise ConfigError(name, f"counts {chosen.kind}; learning is counted in {counted}", "Choose another table")
        return None
    return chosen


def energy_of(source: Table | None, instructions: Instructions | None, updates: float) -> LearningEnergy | None:
    if source is None or instructions is None:
        return None

    def energy(number: float) -> Energy:
        return labelled(source, energy_of_instructions(source, number))

    return LearningEnergy(
        energy(instructions.forward),
        energy(instructions.backward),
        energy(instructions.update),
        energy(instructions.learning / updates) if updates else None,
    )


def switched_energy(source: Table | None, cost: Switched | None) -> SwitchedEnergy | None:
    if source is None or cost is None:
        return None
    figures = (energy_of_instructions(source, number) for number in (cost.on, cost.off, cost.difference))
    return SwitchedEnergy(*(labelled(source, figure) for figure in figures))


def energy_spread(source: Table | None, spread: Spread | None) -> Distribution | None:
    """Of a whole learned sample in microjoules; instructions are all that varies."""
    if source is None or spread is None or source.kind != "instructions":
        return None
    return spread.whole.scaled(energy_of_instructions(source, 1).typical)


def energy_of_events(source: Table, counts: Mapping[str, float]) -> LearningEnergy:
    """Of a chip whose synapses learn by themselves; counts: of a sample, by name, as its session tallies them."""
    forward = {
        "synaptic_op": counts["adds"], "neuron_update": counts["neuron_updates"], "spike": counts["spikes"]
    }  # fmt: skip

    def energy(events: Mapping[str, float]) -> Energy:
        return labelled(source, energy_of_counts(source, events))

    return LearningEnergy(
        energy(forward), None, energy({"synaptic_update": counts["updates"]}), energy({"synaptic_update": 1.0})
    )


def labelled(source: Table, figure: Figure) -> Energy:
    return Energy(figure.typical, UNIT, source.label, source.name, figure.low, figure.high)
