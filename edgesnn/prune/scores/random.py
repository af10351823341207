"""Random channels: the baseline that every criterion has to beat."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from edgesnn.prune.graph import Channels
from edgesnn.prune.scores.scores import Scores


def random_scores(network: nn.Module, channels: Channels, samples: list[Tensor], seed: int) -> Scores:
    """Uniform scores, the same for the same seed."""
    score = np.random.default_rng(seed).random(channels.count)
    return Scores(score, np.zeros_like(score))
