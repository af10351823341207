"""A network that is to learn: what a learner, in Python or on a device, starts from."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from edgesnn.errors import ModelError
from edgesnn.integer.learning.layers import FAINTEST, Layer, layers_of, model_of, usual_latency
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.stbp import StbpLearner
from edgesnn.integer.learning.stdbp import StdbpLearner
from edgesnn.integer.learning.stepped import MpdEdLearner, StdEdLearner
from edgesnn.integer.learning_section import POTENTIALS, Learning
from edgesnn.integer.model import Model, check_name

LEARNERS: dict[str, type[Learner]] = {
    "std-ed": StdEdLearner, "mpd-ed": MpdEdLearner, "stdbp": StdbpLearner, "stbp": StbpLearner,
}  # fmt: skip


@dataclass(frozen=True)
class Pupil:
    """Layers with their first weights, the time steps (stdbp: ticks) of a sample, and the constants of learning.

    name: a lower-case identifier, the prefix of generated C. latency: the first steps, in which values come as spikes;
    0: the usual number for the rule. faintest: no spikes come of values below it. Raises ModelError where the layers do
    not fit each other or the rule.
    """

    name: str
    layers: tuple[Layer, ...]
    ticks: int
    learning: Learning
    latency: int = 0
    faintest: int = FAINTEST

    def __post_init__(self) -> None:
        object.__setattr__(self, "latency", self.latency or usual_latency(self.ticks, self.ramps))
        check_name("network", self.name)
        for one, other in itertools.pairwise(self.layers):
            if len(one.weight) != other.weight.shape[1]:
                raise ModelError(
                    "learning", f"{len(one.weight)} neurons meet {other.weight.shape[1]} inputs", "Make them equal"
                )
        fires = [layer.threshold > 0 for layer in self.layers]
        if not fires or not all(fires[:-1]) or fires[-1] == (self.learning.rule in POTENTIALS):
            raise ModelError(
                f"learning by {self.learning.rule}", "a threshold is 0 that is none, or the other way round",
                "All layers fire, but for the last one of mpd-ed and stbp",
            )  # fmt: skip

    def learner(self) -> Learner:
        """Raises ModelError where a threshold or the ticks are not those of the rule."""
        return LEARNERS[self.learning.rule](self.layers, self.ticks, self.learning)

    @property
    def model(self) -> Model:
        """The model that it is before it learns. Raises RangeError where its sums leave 32 bits."""
        model = model_of(self.name, self.layers, self.ticks, self.ramps, self.latency, self.faintest)
        return model.replace(learning=self.learning)

    @property
    def ramps(self) -> bool:
        """Whether its neurons are ReL-PSP."""
        return LEARNERS[self.learning.rule].ramps

    @property
    def inputs(self) -> int:
        return int(self.layers[0].weight.shape[1])

    @property
    def classes(self) -> int:
        return len(self.layers[-1].weight)


def pupil_of(model: Model) -> Pupil:
    """The network of a model, by its learning section.

    Raises ModelError where the model has none, is not one of `model_of`, or does not fit the rule.
    """
    section = model.learning
    if section is None:
        raise ModelError(model.name, "has no learning section", "Give it one: model.replace(learning=Learning(...))")
    layers = layers_of(model, LEARNERS[section.rule].ramps)
    encoding = model.encoding
    faintest = encoding.faintest if encoding.latency else FAINTEST
    return Pupil(model.name, layers, model.time_steps, section, encoding.latency, faintest)
