"""The network as Loihi teaches it, in integers: what the simulation has to equal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Array
from edgesnn.integer.learning import Pupil
from edgesnn.integer.learning.events import integrate
from edgesnn.targets.loihi.learning.engine import Engine
from edgesnn.targets.loihi.learning.last_layer import errors, halvings, rule_of, slot_bits, third_factors
from edgesnn.targets.loihi.limits import ACCUMULATOR_LIMIT
from edgesnn.taught import Knowledge

UNIT_BITS = 1
"""A weight of the model is one of Loihi shifted left by this: synapses of mixed sign have even weights."""
DECIMATE_MAX = 9
WEIGHT_MAX = 256


class LastLayerLearner:
    """Hidden layers stay as they are; the last layer learns in the engine, `slot` time steps a sample.

    Raises UnsupportedModelError where the rule or the network is not one that the engine can teach.
    """

    def __init__(self, pupil: Pupil) -> None:
        check(pupil)
        self.pupil = pupil
        self.hidden = pupil.layers[:-1]
        bits = slot_bits(pupil.ticks, len(pupil.layers))
        self.slot = 1 << bits
        self.rule = rule_of(pupil.learning.rate_shift, pupil.ticks, bits, pupil.learning.seed)
        self.engine = Engine(pupil.layers[-1].weight << UNIT_BITS, self.rule)
        self.spikes: list[list[int]] = []
        self.learned = 0

    def learn(self, sample: Array, label: int | None) -> int:
        """The class of a sample (ticks, inputs) of 0 and 1, decided before it is learned; label None: it is not."""
        spikes = self.forward(sample)
        potentials = self.engine.weight @ spikes.sum(0)
        found = np.zeros(len(potentials), np.int64)
        if label is not None:
            learning = self.pupil.learning
            slower = halvings(len(self.spikes) - 1, learning.halve_every)
            found = errors(potentials, label, learning.softness + UNIT_BITS, slower)
            self.learned += 1
        self._run(spikes, third_factors(found))
        return int(potentials.argmax())

    def forward(self, sample: Array) -> Array:
        """Spikes into the last layer (ticks, inputs)."""
        spikes, counts = sample, [int(sample.sum())]
        for layer in self.hidden:
            spikes, _ = integrate(layer.weight, spikes, layer.threshold, layer.limit)
            counts.append(int(spikes.sum()))
        self.spikes.append(counts)
        return spikes

    def _run(self, spikes: Array, factors: Array) -> None:
        """The slot as the synapses see it: spikes arrive as late as the layers before lag, errors at the end."""
        depth = len(self.hidden)
        silent, none = np.zeros(spikes.shape[1], np.int64), np.zeros_like(factors)
        for step in range(self.slot):
            inside = 0 <= step - depth < len(spikes)
            self.engine.step(spikes[step - depth] if inside else silent, factors if step == self.slot - 1 else none)

    def knowledge(self) -> Knowledge:
        return knowledge(self.pupil, self.engine.weight, counts_of(self.pupil, np.array(self.spikes), self.learned))


def check(pupil: Pupil) -> None:
    """Raises UnsupportedModelError for what the engine does not teach."""
    if pupil.learning.rule != "mpd-ed":
        raise UnsupportedModelError(
            pupil.name, f"learns by {pupil.learning.rule}; Loihi's learning engine teaches the last layer of mpd-ed",
            "Use --rule mpd-ed, or --target mcu",
        )  # fmt: skip
    bits = slot_bits(pupil.ticks, len(pupil.layers))
    if bits > DECIMATE_MAX:
        raise UnsupportedModelError(
            pupil.name, f"a sample of {pupil.ticks} time steps does not fit {1 << DECIMATE_MAX} steps between updates",
            "Use fewer time steps",
        )  # fmt: skip
    most = WEIGHT_MAX * pupil.layers[-1].weight.shape[1] * pupil.ticks
    if most > ACCUMULATOR_LIMIT:
        raise UnsupportedModelError(
            pupil.name, f"potentials of its last layer may reach {most}, beyond 24 bits, once it has learned",
            "Use a smaller layer before it, or fewer time steps",
        )  # fmt: skip


def counts_of(pupil: Pupil, spikes: Array, learned: int) -> dict[str, int]:
    """What the spikes of samples, of the input and of each hidden layer (samples, layers), have caused.

    updates: of a tag behind each spike, and of every synapse at the end of a sample. multiplies: of tags and errors.
    """
    last, slot = pupil.layers[-1].weight, 1 << slot_bits(pupil.ticks, len(pupil.layers))
    sizes = np.array([len(layer.weight) for layer in pupil.layers])
    samples = len(spikes)
    return {
        "samples": samples,
        "learned": learned,
        "overruns": 0,
        "adds": int((spikes @ sizes).sum()),
        "spikes": int(spikes[:, 1:].sum()),
        "neuron_updates": int(samples * slot * sizes.sum()),
        "updates": int(spikes[:, -1].sum() * len(last) + samples * last.size),
        "multiplies": 2 * samples * last.size,
        "reciprocals": samples,
    }


def knowledge(pupil: Pupil, weight: Array, tally: Mapping[str, int]) -> Knowledge:
    """weight: of the last layer as Loihi has it, twice the model's units; the others are as they were."""
    frozen = [layer.weight.tolist() for layer in pupil.layers[:-1]]
    thresholds = tuple((layer.threshold, 0) for layer in pupil.layers[:-1])
    return Knowledge((*frozen, weight.tolist()), (), thresholds, tally)
