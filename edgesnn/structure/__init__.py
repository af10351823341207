"""Changes of a network's structure, as data: applied to a fresh network of the same class, they give the same shape.

What compression did to a network is stored with it as such a list, so that it can be rebuilt without repeating work.
"""

from edgesnn.structure.change import CHANGES, Change, apply, neuron_at, read, synapse_at, write
from edgesnn.structure.channels import KeepChannels
from edgesnn.structure.inputs import InputMax, TimeSteps
from edgesnn.structure.neurons import ReplaceNeuron, Unit
from edgesnn.structure.weights import WeightGrid

__all__ = [
    "CHANGES", "Change", "InputMax", "KeepChannels", "ReplaceNeuron", "TimeSteps", "Unit", "WeightGrid", "apply",
    "neuron_at", "read", "synapse_at", "write",
]  # fmt: skip
