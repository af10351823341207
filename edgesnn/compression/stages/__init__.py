"""The stages that recipes are made of, one a file."""

from edgesnn.compression.stages.alphabet import Alphabet
from edgesnn.compression.stages.calibrate import Calibrate
from edgesnn.compression.stages.distil import Distil
from edgesnn.compression.stages.export import Export
from edgesnn.compression.stages.prune import Prune
from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.stages.state import State
from edgesnn.compression.stages.steps import Steps
from edgesnn.compression.stages.train import Train
from edgesnn.compression.stages.weights import Weights

__all__ = [
    "STAGES", "Alphabet", "Calibrate", "Distil", "Export", "Outcome", "Prune", "Stage", "State", "Steps", "Train",
    "Weights",
]  # fmt: skip
