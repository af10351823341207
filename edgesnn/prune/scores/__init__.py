"""How much each channel matters, one criterion a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor, nn

from edgesnn.prune.graph import Channels
from edgesnn.prune.scores.activity import activity_scores
from edgesnn.prune.scores.magnitude import magnitude_scores
from edgesnn.prune.scores.random import random_scores
from edgesnn.prune.scores.scores import Scores

Method = Callable[[nn.Module, Channels, list[Tensor], int], Scores]
"""Scores of a network with these channels, from batches of raw samples and a seed."""

METHODS: Mapping[str, Method] = {
    "svs": activity_scores,
    "magnitude": magnitude_scores,
    "random": random_scores,
}
NEEDS_SAMPLES = frozenset({"svs"})

__all__ = ["METHODS", "NEEDS_SAMPLES", "Method", "Scores", "activity_scores", "magnitude_scores", "random_scores"]
