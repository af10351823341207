"""Learning on the device, in integers: a section beside the model that inference does not need."""

from edgesnn.integer.learning.layers import Layer, layers_of, model_of, with_layers
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.pupil import LEARNERS, Pupil, pupil_of
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.model import Model

__all__ = [
    "LEARNERS", "Layer", "Learner", "Learning", "Pupil", "Tally", "layers_of", "learned", "learner", "learner_of",
    "model_of", "pupil_of", "with_layers",
]  # fmt: skip


def learner(layers: tuple[Layer, ...], ticks: int, learning: Learning) -> Learner:
    """Raises ModelError where the layers do not fit each other or the rule."""
    return Pupil("network", layers, ticks, learning).learner()


def learner_of(model: Model) -> Learner:
    """A learner that starts from a model's weights, by its learning section.

    Raises ModelError where the model has none, is not one of `model_of`, or does not fit the rule.
    """
    return pupil_of(model).learner()


def learned(model: Model, source: Learner) -> Model:
    """The model with what a learner of it has learned; its ranges are proven anew, which raises RangeError."""
    return with_layers(model, source.layers)
