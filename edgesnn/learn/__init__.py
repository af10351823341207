"""Learning rules for spiking networks in float: event by event (`reference`), and in torch to train from scratch.

What needs torch is loaded when first used: a device is taught without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from edgesnn.learn.beginning import beginning
from edgesnn.learn.coding import latency, shrink, trains

if TYPE_CHECKING:
    from edgesnn.learn.networks import NETWORKS, LearningNetwork, network
    from edgesnn.learn.quantise import integer_layers, integer_model, rounded
    from edgesnn.learn.training import accuracy, balance, train

__all__ = [
    "NETWORKS", "LearningNetwork", "accuracy", "balance", "beginning", "integer_layers", "integer_model", "latency",
    "network", "rounded", "shrink", "train", "trains",
]  # fmt: skip

PLACES = {
    "NETWORKS": "networks", "LearningNetwork": "networks", "network": "networks", "integer_layers": "quantise",
    "integer_model": "quantise", "rounded": "quantise",
    "accuracy": "training", "balance": "training", "train": "training",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module 'edgesnn.learn' has no attribute {name!r}")
    return getattr(importlib.import_module(f"edgesnn.learn.{PLACES[name]}"), name)
