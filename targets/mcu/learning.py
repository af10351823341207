"""A network that learns on a board, driven over its serial link."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edgesnn.errors import LinkError, TargetError
from edgesnn.integer import Array
from edgesnn.integer.learning import Learner, Pupil
from edgesnn.link import Area, Counter, Device, Held, Learn
from edgesnn.taught import Kept, Knowledge, LearningSession, Room, Taught

COUNTS = (
    "samples", "learned", "overruns", "adds", "reciprocals", "multiplies", "updates", "saturated", "steep", "events",
    "records", "reads", "clipped",
)  # fmt: skip
"""As esnn_tally in firmware/include/edgesnn/learn.h has them."""


class McuLearningSession(LearningSession):
    """Implements LearningSession over a Device. release: called at the end, whatever the device does."""

    def __init__(self, pupil: Pupil, device: Device, room: Room, release: Callable[[], object]) -> None:
        self.pupil, self.device, self.room = pupil, device, room
        self._release = release
        self.counts = device.identity.counter is Counter.INSTRUCTIONS
        self._recalled: tuple[Knowledge, int] | None = None

    def switch(self, on: bool) -> None:
        self.device.learning(Learn.ON if on else Learn.OFF)

    def forget(self) -> None:
        self.device.learning(Learn.AFRESH)
        self._recalled = None

    def store(self) -> Kept:
        self.device.store()
        found = self.device.stored()
        if found.held is not Held.OWN:  # it was found whole before the device said that it is stored
            raise LinkError(self.device.port.name, f"what was stored is {found.held.name}", "Store it again")
        return Kept(found.network, found.version, found.sequence, found.bytes)

    def recall(self) -> None:
        found = self.device.stored()
        if found.held is Held.OWN:
            draw = self.device.recall()
            self._recalled = self.knowledge(), draw
            return
        problem = "has stored nothing"
        if found.held is Held.ANOTHERS:
            stored = f"network {found.network:#010x} in version {found.version}"
            problem = f"has stored what {stored} learned, and runs network {found.own:#010x}"
        remedy = "Name the network, constants and --seed that were stored, or learn afresh and --store"
        raise TargetError(self.device.port.name, problem, remedy)

    def reference(self) -> Learner:
        if self._recalled is None:
            return self.pupil.learner()
        known, draw = self._recalled
        return known.learner(self.pupil, draw)

    def learn(self, sample: Array, label: int) -> Taught:
        self.device.reset()
        self.device.spikes(steps_of(self.pupil, sample))
        said = self.device.label(label)
        counts = (said.forward, said.backward, said.update) if self.counts else (None, None, None)
        return Taught(said.decision, said.learned, *counts)

    def knowledge(self) -> Knowledge:
        layers, stochastic = self.pupil.layers, self.pupil.learning.stochastic
        total = sum(layer.weight.size for layer in layers)
        weights = np.frombuffer(self.device.read(Area.WEIGHTS, 0, total), np.int8).astype(np.int64)
        masters = np.frombuffer(self.device.read(Area.MASTERS, 0, 0 if stochastic else 2 * total), "<i2").astype(
            np.int64
        )
        thresholds = np.frombuffer(self.device.read(Area.THRESHOLDS, 0, 12 * len(layers)), "<i4").reshape(-1, 3)
        tally = np.frombuffer(self.device.read(Area.TALLY, 0, 8 * len(COUNTS)), "<u8").tolist()
        return Knowledge(
            self._by_layer(weights),
            () if stochastic else self._by_layer(masters),
            tuple((fine, running) for _, fine, running in thresholds[:-1].tolist()),
            dict(zip(COUNTS, tally, strict=True)),
        )

    def close(self) -> None:
        self.device.close()
        self._release()

    def _by_layer(self, values: Array) -> tuple[list[list[int]], ...]:
        """One layer's (inputs, outputs) behind the other's, as (outputs, inputs)."""
        found: list[list[list[int]]] = []
        at = 0
        for layer in self.pupil.layers:
            part = values[at : at + layer.weight.size].reshape(layer.weight.T.shape)
            found.append([list(map(int, row)) for row in part.T])
            at += layer.weight.size
        return tuple(found)


def steps_of(pupil: Pupil, sample: Array) -> list[list[int]]:
    """The active inputs of every step of a sample: a spike train, or for stdbp the tick of each input's spike."""
    if pupil.learning.rule == "stdbp":
        return [np.flatnonzero(sample == tick).tolist() for tick in range(pupil.ticks)]
    return [np.flatnonzero(step).tolist() for step in sample]
