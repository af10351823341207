"""Learning on the device, in integers: a section beside the model that inference does not need."""

from edgesnn.errors import ModelError
from edgesnn.integer.learning.layers import Layer, layers_of, model_of, with_layers
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.section import Learning
from edgesnn.integer.learning.stdbp import StdbpLearner
from edgesnn.integer.learning.stepped import MpdEdLearner, StdEdLearner
from edgesnn.integer.learning.tally import Tally

LEARNERS: dict[str, type[Learner]] = {"std-ed": StdEdLearner, "mpd-ed": MpdEdLearner, "stdbp": StdbpLearner}

__all__ = ["LEARNERS", "Layer", "Learner", "Learning", "Tally", "layers_of", "learner", "model_of", "with_layers"]


def learner(layers: tuple[Layer, ...], ticks: int, learning: Learning) -> Learner:
    """Raises ModelError where the layers do not fit each other or the rule."""
    for one, other in zip(layers[:-1], layers[1:], strict=True):
        if len(one.weight) != other.weight.shape[1]:
            raise ModelError("learning", f"{len(one.weight)} neurons meet {other.weight.shape[1]} inputs", "Make them equal")
    fires = [layer.threshold > 0 for layer in layers]
    if not layers or not all(fires[:-1]) or fires[-1] == (learning.rule == "mpd-ed"):
        raise ModelError(
            f"learning by {learning.rule}", "a threshold is 0 that is none, or the other way round",
            "All layers fire, but for the last one of mpd-ed",
        )  # fmt: skip
    return LEARNERS[learning.rule](layers, ticks, learning)
