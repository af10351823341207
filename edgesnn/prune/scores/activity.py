"""SVS: the singular values of a channel's spatiotemporal spike activity."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, linalg, nn

from edgesnn.layers import Neuron
from edgesnn.prune.graph import Channels
from edgesnn.prune.scores.scores import Means, Scores

EPSILON = 1e-6
"""A singular value above it counts. Absolute: it does not grow with the largest one, as a numerical rank's does."""


def activity_scores(network: nn.Module, channels: Channels, samples: list[Tensor], seed: int) -> Scores:
    """Score of a channel: the rank of its firing-rate map, the mean over all samples; ties go to the nuclear norm.

    Wei et al., "QP-SNN", ICLR 2025. The network runs in eval mode, so that the spikes are those of the integer model.
    Channels that fire in several neuron layers, or are coupled, have the mean of their scores.
    """
    ranks, norms = Means(channels.count), Means(channels.count)
    for path, values in singular_values(network, samples).items():
        ranks.add(channels.neurons[path], rank(values).mean(dim=0).numpy())
        norms.add(channels.neurons[path], values.sum(dim=-1).mean(dim=0).numpy())
    return Scores(ranks.mean(), np.nan_to_num(norms.mean()))


@torch.no_grad()
def singular_values(network: nn.Module, samples: list[Tensor]) -> dict[str, Tensor]:
    """By neuron layer: singular values (samples, channels, rank) of every channel's activity matrix, float64."""
    seen: dict[str, list[Tensor]] = {}
    was_training = network.training
    network.eval()
    with listening(network, seen):
        for batch in samples:
            network(batch)
    network.train(was_training)
    return {path: torch.cat(parts) for path, parts in seen.items() if parts}


@contextmanager
def listening(network: nn.Module, seen: dict[str, list[Tensor]]) -> Iterator[None]:
    """While open, every forward pass appends each neuron layer's singular values; nothing stays behind."""
    hooks = []
    for path, module in network.named_modules():
        if isinstance(module, Neuron):
            parts = seen.setdefault(path, [])
            hooks.append(module.register_forward_hook(_append_to(parts)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _append_to(parts: list[Tensor]):  # type: ignore[no-untyped-def]
    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        parts.append(values_of(output.detach()))

    return hook


def values_of(spikes: Tensor) -> Tensor:
    """Singular values (samples, channels, n) of spikes (T, batch, channels, ...), float64.

    float32 would leave noise above EPSILON beside a singular value of 10.
    """
    values: Tensor = linalg.svdvals(activity_matrices(spikes.double()))
    return values


def rank(values: Tensor) -> Tensor:
    """How many singular values count: (samples, channels), float64."""
    return (values > EPSILON).double().sum(dim=-1)


def activity_matrices(spikes: Tensor) -> Tensor:
    """A matrix a sample and channel of spikes (T, batch, channels, ...).

    With two spatial axes: the firing rate of each place, mean over time, as in the paper. Ours, where there is no such
    map: with one spatial axis the spikes by time and place; with none the spikes by time and sample, one matrix for
    the whole batch.
    """
    if spikes.ndim == 5:
        return spikes.mean(dim=0)
    if spikes.ndim == 4:
        return spikes.permute(1, 2, 0, 3)
    return spikes.permute(2, 0, 1)[None]
