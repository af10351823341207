"""Structured pruning: whole channels, scored by one of several criteria, cut out of every layer that has them."""

from edgesnn.prune.graph import Channels, channels
from edgesnn.prune.prune import Pruned, last_convolution, prune
from edgesnn.prune.scores import METHODS

__all__ = ["METHODS", "Channels", "Pruned", "channels", "last_convolution", "prune"]
