"""The mean size of a channel's weights."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from edgesnn.prune.graph import Channels
from edgesnn.prune.scores.scores import Means, Scores
from edgesnn.structure import synapse_at


def magnitude_scores(network: nn.Module, channels: Channels, samples: list[Tensor], seed: int) -> Scores:
    """mean |w| of a channel over mean |w| of its layer, so that coupled layers of different scale count alike.

    After Li et al., "Pruning filters for efficient ConvNets", ICLR 2017, who take the L1 norm.
    """
    means = Means(channels.count)
    for path, groups in channels.outputs.items():
        size = synapse_at(network, path).weight.detach().double().flatten(1).abs().mean(dim=1)
        means.add(groups, (size / size.mean().clamp(min=1e-30)).numpy())
    score = means.mean()
    return Scores(score, np.zeros_like(score))
