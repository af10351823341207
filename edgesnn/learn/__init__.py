"""Learning rules for spiking networks in float: event by event (`reference`), and in torch to train from scratch."""

from edgesnn.learn.coding import latency, shrink, trains
from edgesnn.learn.networks import NETWORKS, LearningNetwork, network
from edgesnn.learn.quantise import integer_layers
from edgesnn.learn.training import accuracy, balance, train

__all__ = [
    "NETWORKS", "LearningNetwork", "accuracy", "balance", "integer_layers", "latency", "network", "shrink", "train",
    "trains",
]  # fmt: skip
