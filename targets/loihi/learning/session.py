"""A network that learns in Lava: all samples so far go through one simulation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.learning import Layer, Pupil
from edgesnn.progress import Progress, silent
from edgesnn.targets.loihi.cost import STATE_WORD_BYTES, SYNAPSE_BYTES
from edgesnn.targets.loihi.learning.learner import (
    UNIT_BITS,
    LastLayerLearner,
    counts_of,
    knowledge,
)
from edgesnn.targets.loihi.worker import run_bundle
from edgesnn.taught import Knowledge, LearningSession, Room, Taught

NOT_LEARNED = -1


class LoihiLearningSession(LearningSession):
    """Lava starts anew for every call, and runs again all that was learned before."""

    def __init__(self, pupil: Pupil, main: Path) -> None:
        self.pupil, self.main = pupil, main
        self.room = Room(None, None, None, learner_bytes(pupil))
        self.on = False
        self.history: list[tuple[Array, int]] = []
        self.forget()

    def switch(self, on: bool) -> None:
        self.on = on

    def forget(self) -> None:
        self.history = []
        self._weight = self.pupil.layers[-1].weight << UNIT_BITS
        self._tally = counts_of(self.pupil, np.zeros((0, len(self.pupil.layers)), np.int64), 0)

    def learn(self, sample: Array, label: int) -> Taught:
        return self.teach([sample], [label])[0]

    def teach(self, samples: Sequence[Array], labels: Sequence[int], progress: Progress = silent) -> list[Taught]:
        progress("learn", 0, None)
        wanted = [label if self.on else NOT_LEARNED for label in labels]
        history = [*self.history, *zip(samples, wanted, strict=True)]
        x, given = np.stack([sample for sample, _ in history]), np.array([label for _, label in history])
        hidden = self.hidden()
        last = self.pupil.layers[-1].weight
        shapes = {
            "output": (len(x), len(last)), "weight": last.shape, **{f"{name}.spikes": (len(x),) for name in hidden}
        }  # fmt: skip
        found = run_bundle(self.main, x, hidden, shapes, given)
        self.history, self._weight = history, found["weight"]
        spikes = np.stack([x.sum((1, 2)), *(found[f"{name}.spikes"] for name in hidden)], axis=1)
        self._tally = counts_of(self.pupil, spikes, int((given != NOT_LEARNED).sum()))
        decisions = found["output"][len(x) - len(samples) :].argmax(1).tolist()
        return [Taught(decision, self.on, None, None, None) for decision in decisions]

    def hidden(self) -> list[str]:
        """Names of the layers before the last one, as `model_of` gives them."""
        return [f"neuron{number}" for number in range(1, len(self.pupil.layers))]

    def expected(self, samples: Sequence[Array], labels: Sequence[int]) -> tuple[list[int], Knowledge]:
        reference = LastLayerLearner(self.pupil)
        decisions = [reference.learn(sample, label) for sample, label in zip(samples, labels, strict=True)]
        return decisions, reference.knowledge()

    def knowledge(self) -> Knowledge:
        return knowledge(self.pupil, self._weight, self._tally)

    def layers(self, found: Knowledge) -> tuple[Layer, ...]:
        """What Lava's static synapses of mixed sign would hold: the lowest bit of what was learned is dropped."""
        last = self.pupil.layers[-1]
        return (*self.pupil.layers[:-1], Layer(np.array(found.weights[-1]) >> UNIT_BITS, 0, last.state_bits))

    def close(self) -> None:
        """Nothing runs between two calls."""


def learner_bytes(pupil: Pupil) -> int:
    """Weights and tags of a byte each, and two words a neuron."""
    weights = sum(layer.weight.size for layer in pupil.layers)
    neurons = sum(len(layer.weight) for layer in pupil.layers)
    return SYNAPSE_BYTES * (weights + pupil.layers[-1].weight.size) + 2 * STATE_WORD_BYTES * neurons
