"""A network whose last layer learns, as a folder that runs wherever lava-nc does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edgesnn.targets.loihi.bundle import Arrays, describe, readme, write
from edgesnn.targets.loihi.learning.learner import UNIT_BITS, LastLayerLearner
from edgesnn.targets.loihi.network import Network

ARRAY = "learning.weight"
TEACHING = """
## Learning
The last layer learns: `samples.npz` holds `labels` as well, a class a sample, or -1 for one that is decided and not
learned. Samples are learned in their order, {slot} time steps each; `result.npz` receives the potentials that decided
each of them as `output`, and the last layer's weights as `weight`, in units of half a weight of the model.
"""


def write_learner(network: Network, learner: LastLayerLearner, folder: Path) -> Path:
    """The bundle in `folder`, all or nothing; returns its runner. Raises FileError where it cannot be written."""
    arrays: Arrays = {}
    description = describe_learner(network, learner, arrays)
    return write(description, arrays, readme(network) + TEACHING.format(slot=learner.slot), folder)


def describe_learner(network: Network, learner: LastLayerLearner, arrays: Arrays) -> dict[str, Any]:
    """The content of network.json: the last layer is `taught`, and what drives it is Lava's LearningDense."""
    description = describe(network, arrays)
    last = network.groups[-1].name
    (before,) = network.groups[-1].layer.drive.parts
    arrays[ARRAY] = learner.pupil.layers[-1].weight << UNIT_BITS
    constants = learner.pupil.learning
    description["layers"][-1]["kind"] = "taught"
    kept = [entry for entry in description["connections"] if entry["to"] != last]
    return {
        **description,
        "connections": kept,
        "learning": {
            "from": before, "array": ARRAY, "slot": learner.slot, "rule": learner.rule.arguments(),
            "softness": constants.softness + UNIT_BITS, "halve_every": constants.halve_every,
        },
    }  # fmt: skip
