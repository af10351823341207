"""Spike regulation does what it is for: the layers it acts on say more with their spikes."""

from __future__ import annotations

import torch

from edgesnn.activity import activity
from edgesnn.compression.entropy import rate_entropy
from edgesnn.lower import lower
from edgesnn.train.loop import Trainer
from edgesnn.train.recipe import Recipe
from tests.networks import Plain, bars

REGULATED = ("lif2", "lif3")
"""All but the first and the last."""


def mean_entropy(rate_weight: float, seed: int) -> float:
    """Of the regulated layers of a network with regulated binary weights, trained with that weight of the penalty."""
    torch.manual_seed(seed)
    network = Plain()
    for name in ("conv2", "conv3"):
        getattr(network, name).requantise(1, "binary")
    recipe = Recipe(epochs=6, batch=32, learning_rate=1e-2, shift=0, rate_weight=rate_weight, seed=seed)
    Trainer(network, recipe, bars(128), bars(30, 1)).train()
    model = lower(network, "m")
    rates = activity(model, model.encode(bars(60, 2).samples.numpy()))
    return sum(rate_entropy(rates[name].rate or 0.0) for name in REGULATED) / len(REGULATED)


def test_spikes_of_regulated_layers_have_more_entropy_than_a_controls():
    regulated = sum(mean_entropy(1.0, seed) for seed in range(3)) / 3
    control = sum(mean_entropy(0.0, seed) for seed in range(3)) / 3
    assert regulated > control + 0.02
