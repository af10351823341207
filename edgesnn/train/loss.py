"""Losses of spiking classifiers."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edgesnn.layers import Neuron
from edgesnn.layers.shared import shared_mean


def temporal_cross_entropy(scores: Tensor, labels: Tensor, unit: float) -> Tensor:
    """Cross-entropy of every time step's contribution to the scores, averaged over steps.

    scores (T, batch, classes) after each step, `unit` to 1.0; labels (batch,). Deng et al., "Temporal efficient
    training of spiking neural network via gradient re-weighting", ICLR 2022.
    """
    return F.cross_entropy(contributions(scores, unit).flatten(0, 1), labels.repeat(len(scores)))


def final_cross_entropy(scores: Tensor, labels: Tensor, unit: float) -> Tensor:
    """Cross-entropy of the scores after the last step: for samples whose steps say little each on its own."""
    return F.cross_entropy(last(scores, unit), labels)


LOSSES = {"steps": temporal_cross_entropy, "final": final_cross_entropy}
"""By their names in a recipe."""


def contributions(scores: Tensor, unit: float) -> Tensor:
    """What each time step adds to the scores (T, batch, classes), in units of 1.0."""
    return torch.diff(scores, dim=0, prepend=torch.zeros_like(scores[:1])) / unit


def last(scores: Tensor, unit: float) -> Tensor:
    """The scores after the last step (batch, classes), in units of 1.0."""
    return scores[-1] / unit


LOGITS = {"steps": contributions, "final": last}
"""What each loss looks at, for a network that imitates another."""


def rate_penalty(rates: list[Tensor], target: float) -> Tensor:
    """mean over layers of (rate - target)^2: spike regulation (Wei et al., ACM MM 2024, target 1/2)."""
    return torch.stack([(rate - target) ** 2 for rate in rates]).mean()


def inner_rates(model: nn.Module) -> list[Tensor]:
    """Firing rates of the last batch, with gradients, of all spiking layers but the first and the last."""
    neurons = [module for module in model.modules() if isinstance(module, Neuron)]
    return [shared_mean(neuron.rate) for neuron in neurons[1:-1] if neuron.rate is not None]
