"""The harness of all rules: minibatches from random weights, and accuracy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from edgesnn.errors import TrainingError
from edgesnn.integer import Array
from edgesnn.learn.adaptive_threshold import AdaptiveThreshold
from edgesnn.learn.networks import LearningNetwork

BISECTIONS = 12


def train(
    network: LearningNetwork,
    values: Array,
    labels: Array,
    epochs: int,
    batch: int = 64,
    learning_rate: float = 1e-3,
    seed: int = 0,
    tell: Callable[[int, float], None] | None = None,
) -> None:
    """Learns values 0..255 (n, inputs) and labels (n,) by Adam, whose rate falls to zero along a cosine.

    First scales the weights of each layer until it spikes as often as its threshold's target says. tell gets each
    epoch's number and mean loss. Raises TrainingError where there are fewer samples than a batch.
    """
    if len(values) < batch or len(values) != len(labels):
        raise TrainingError("training", f"{len(values)} samples, {len(labels)} labels", f"Give {batch} or more of both")
    balance(network, network.encode(values[: max(batch, 256)]))
    optimizer = torch.optim.Adam(network.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(values) // batch))
    source = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        order = torch.randperm(len(values), generator=source).numpy()
        losses = []
        for start in range(0, len(values) - batch + 1, batch):
            some = order[start : start + batch]
            losses.append(_step(network, optimizer, network.encode(values[some]), torch.from_numpy(labels[some])))
            schedule.step()
        if tell:
            tell(epoch, float(torch.stack(losses).mean()))


def _step(network: LearningNetwork, optimizer: torch.optim.Optimizer, x: Any, labels: Tensor) -> Tensor:
    optimizer.zero_grad()
    loss = network.loss(network(x), labels)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    network.adapt()
    return loss.detach()


@torch.no_grad()
def balance(network: LearningNetwork, x: Any) -> None:
    """Scales each hidden layer's weights by bisection to the firing rate that its threshold aims at.

    Random weights may leave a layer silent, and then nothing behind it learns. (The idea is that of the public code of
    Zhu et al., "Training spiking neural networks with event-driven backpropagation", NeurIPS 2022.)
    """
    for layer in range(len(network.thresholds)):
        threshold = network.thresholds[layer]
        assert isinstance(threshold, AdaptiveThreshold)
        start = network.weights[layer].clone()
        low, high = -6.0, 6.0
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            network.weights[layer].copy_(start * 2**middle)
            network(x)
            low, high = (middle, high) if network.rates[layer] < threshold.target else (low, middle)


@torch.no_grad()
def accuracy(network: LearningNetwork, values: Array, labels: Array, batch: int = 256) -> float:
    """The fraction of samples whose largest logit is their label's."""
    right = 0
    for start in range(0, len(values), batch):
        some = slice(start, start + batch)
        right += int((network(network.encode(values[some])).argmax(1) == torch.from_numpy(labels[some])).sum())
    return right / len(values)
