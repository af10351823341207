"""Learning on the device, in integers: a section beside the model that inference does not need."""

import itertools

from edgesnn.errors import ModelError
from edgesnn.integer.learning.layers import Layer, layers_of, model_of, with_layers
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.stdbp import StdbpLearner
from edgesnn.integer.learning.stepped import MpdEdLearner, StdEdLearner
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.model import Model

LEARNERS: dict[str, type[Learner]] = {"std-ed": StdEdLearner, "mpd-ed": MpdEdLearner, "stdbp": StdbpLearner}

__all__ = [
    "LEARNERS", "Layer", "Learner", "Learning", "Tally", "layers_of", "learned", "learner", "learner_of", "model_of",
    "with_layers",
]  # fmt: skip


def learner(layers: tuple[Layer, ...], ticks: int, learning: Learning) -> Learner:
    """Raises ModelError where the layers do not fit each other or the rule."""
    for one, other in itertools.pairwise(layers):
        if len(one.weight) != other.weight.shape[1]:
            raise ModelError(
                "learning", f"{len(one.weight)} neurons meet {other.weight.shape[1]} inputs", "Make them equal"
            )
    fires = [layer.threshold > 0 for layer in layers]
    if not layers or not all(fires[:-1]) or fires[-1] == (learning.rule == "mpd-ed"):
        raise ModelError(
            f"learning by {learning.rule}", "a threshold is 0 that is none, or the other way round",
            "All layers fire, but for the last one of mpd-ed",
        )  # fmt: skip
    return LEARNERS[learning.rule](layers, ticks, learning)


def learner_of(model: Model) -> Learner:
    """A learner that starts from a model's weights, by its learning section.

    Raises ModelError where the model has none, is not one of `model_of`, or does not fit the rule.
    """
    section = model.learning
    if section is None:
        raise ModelError(model.name, "has no learning section", "Give it one: model.replace(learning=Learning(...))")
    if section.rule == "stdbp":
        raise ModelError(model.name, "has neurons that stdbp does not train", "Use std-ed or mpd-ed")
    return learner(layers_of(model), model.time_steps, section)


def learned(model: Model, source: Learner) -> Model:
    """The model with what a learner of it has learned; its ranges are proven anew, which raises RangeError."""
    return with_layers(model, source.layers)
