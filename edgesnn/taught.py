"""A device that goes on learning: what every target that can offers."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from edgesnn.closing import Closing
from edgesnn.errors import TargetError
from edgesnn.integer import Array
from edgesnn.integer.learning import Layer, Learner, Pupil, Tally
from edgesnn.integer.learning.weights import MasterWeights, StochasticWeights
from edgesnn.progress import Progress, silent


@dataclass(frozen=True)
class Taught:
    """One labelled sample: its class, decided before the label was seen, and whether it was learned.

    forward, backward, update: instructions of the spikes up to the decision, of errors, and of moving weights and
    thresholds; None where the device does not count.
    """

    decision: int
    learned: bool
    forward: int | None
    backward: int | None
    update: int | None


@dataclass(frozen=True)
class Knowledge:
    """All that learning has left: weights (outputs, inputs) and masters by layer (none if rounded stochastically),
    threshold in 1/256 and firing rate in 2^-16 of each hidden layer, and counts by name."""

    weights: tuple[list[list[int]], ...]
    masters: tuple[list[list[int]], ...]
    thresholds: tuple[tuple[int, int], ...]
    tally: Mapping[str, int]

    @staticmethod
    def of(learner: Learner) -> Knowledge:
        """Of the reference."""
        parts = learner.weights
        return Knowledge(
            tuple(part.weight.tolist() for part in parts),
            tuple(part.master.tolist() for part in parts if isinstance(part, MasterWeights)),
            tuple((threshold.fine, threshold.running) for threshold in learner.thresholds),
            {**asdict(learner.tally), "clipped": sum(part.saturated for part in parts)},
        )

    def learner(self, pupil: Pupil, draw: int) -> Learner:
        """A reference that goes on from here. draw: the state of its random numbers."""
        learner = pupil.learner()
        for part, weight in zip(learner.weights, self.weights, strict=True):
            part.weight = np.array(weight)
            if isinstance(part, StochasticWeights):
                part.next, part.draws.state = part.weight.copy(), draw
        for part, master in zip(learner.weights, self.masters, strict=False):
            assert isinstance(part, MasterWeights)
            part.master = np.array(master)
        for threshold, (fine, running) in zip(learner.thresholds, self.thresholds, strict=True):
            threshold.fine, threshold.running = fine, running
        counts = dict(self.tally)
        learner.weights[0].saturated = counts.pop("clipped")
        learner.tally = Tally(**counts)
        return learner

    def difference(self, other: Knowledge) -> str | None:
        """What differs first, in words; None where all is equal."""
        for what in ("weights", "masters", "thresholds", "tally"):
            mine, its = getattr(self, what), getattr(other, what)
            if mine != its:
                return f"{what}: {_first(mine, its)}"
        return None


def _first(mine: object, its: object, place: str = "") -> str:
    if isinstance(mine, Mapping) and isinstance(its, Mapping):
        key = next(key for key in mine if mine[key] != its.get(key))
        return _first(mine[key], its.get(key), f"{place} {key}")
    if isinstance(mine, list | tuple) and isinstance(its, list | tuple) and len(mine) == len(its):
        index = next(i for i in range(len(mine)) if mine[i] != its[i])
        return _first(mine[index], its[index], f"{place}[{index}]")
    return f"{place.strip()} is {mine}, not {its}"


@dataclass(frozen=True)
class Kept:
    """What a device has stored. network: its number; version: of the form; sequence: how often something was stored
    there before; bytes: of flash, without the slot's header."""

    network: int
    version: int
    sequence: int
    bytes: int


@dataclass(frozen=True)
class Room:
    """Memory of a build in bytes; None where the device's operating system gives it. learner_bytes: the part of the RAM
    that weights, spikes and errors take."""

    flash_bytes: int | None
    ram_bytes: int | None
    stack_bytes: int | None
    learner_bytes: int


class LearningSession(Closing):
    """A running device that learns. A context manager: leaving it closes the device."""

    pupil: Pupil
    room: Room
    counts: bool = False
    """Whether the device counts instructions."""

    @abc.abstractmethod
    def switch(self, on: bool) -> None:
        """Whether samples are learned from now on; off at first."""

    @abc.abstractmethod
    def forget(self) -> None:
        """Back to the first weights and thresholds."""

    def store(self) -> Kept:
        """What was learned so far into memory that needs no power. Raises TargetError where there is none."""
        raise TargetError(self.pupil.name, "does not store what it learns", "Build it for a board of target mcu")

    def recall(self) -> None:
        """Back to what was stored last. Raises TargetError where that is nothing of this network's."""
        raise TargetError(self.pupil.name, "does not store what it learns", "Build it for a board of target mcu")

    def reference(self) -> Learner:
        """The reference learner as the device was when it last forgot or recalled."""
        return self.pupil.learner()

    @abc.abstractmethod
    def learn(self, sample: Array, label: int) -> Taught:
        """A sample as the reference learner takes it. Where learning is off, the label is of no effect."""

    def teach(self, samples: Sequence[Array], labels: Sequence[int], progress: Progress = silent) -> list[Taught]:
        """All samples, one by one."""
        taught = []
        for index, (sample, label) in enumerate(zip(samples, labels, strict=True)):
            progress("learn", index, len(samples))
            taught.append(self.learn(sample, label))
        progress("learn", len(samples), len(samples))
        return taught

    def expected(self, samples: Sequence[Array], labels: Sequence[int]) -> tuple[list[int], Knowledge]:
        """What the reference learner decides and then knows."""
        reference = self.reference()
        decisions = [reference.learn(sample, label) for sample, label in zip(samples, labels, strict=True)]
        return decisions, Knowledge.of(reference)

    @abc.abstractmethod
    def knowledge(self) -> Knowledge:
        """What the device has learned so far."""

    def layers(self, found: Knowledge) -> tuple[Layer, ...]:
        """The layers with what was learned: what inference needs."""
        first = self.pupil.layers
        thresholds = [fine >> 8 for fine, _ in found.thresholds] + [first[-1].threshold]
        parts = zip(found.weights, thresholds, first, strict=True)
        return tuple(Layer(np.array(weight), threshold, layer.state_bits) for weight, threshold, layer in parts)

    @abc.abstractmethod
    def close(self) -> None:
        """Lets go of the device."""
