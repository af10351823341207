"""Figures of a network that depend on data but are not learnt: statistics of normalisation, scales of states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from edgesnn.layers import QuantizedLif, Synapse
from edgesnn.layers.norm import ChannelNorm


@torch.no_grad()
def calibrate(network: nn.Module, batches: list[Tensor]) -> dict[str, float]:
    """Measures both anew on batches of raw samples, without augmentation; leaves the network in eval mode.

    Returns the state scale of each `QuantizedLif`, by path.
    """
    measure_statistics(network, batches)
    return measure_scales(network, batches)


def measure_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Mean and variance of every normalised channel: the means over the batches, each layer seeing normalised input."""
    network.eval()
    synapses = [module for module in network.modules() if isinstance(module, Synapse)]
    for synapse in synapses:
        synapse.train()  # normalises each batch by itself; neurons fire as in the integer model
    sums = {module: _Sums() for module in network.modules() if isinstance(module, ChannelNorm)}
    with _before(sums):
        for batch in batches:
            network(batch)
    for norm, total in sums.items():
        norm.mean.copy_(total.mean / total.count)
        norm.var.copy_(total.var / total.count)
    network.eval()


class _Sums:
    """Gathers the statistics of what a normalisation layer is given."""

    def __init__(self) -> None:
        self.mean, self.var, self.count = torch.zeros(()), torch.zeros(()), 0

    def __call__(self, norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        x = inputs[0]
        var, mean = torch.var_mean(x, dim=[0, *range(2, x.ndim)])
        self.mean, self.var, self.count = self.mean + mean, self.var + var, self.count + 1


def measure_scales(network: nn.Module, batches: Iterable[Tensor]) -> dict[str, float]:
    """The largest squashed potential that each `QuantizedLif` carries becomes the scale of its states.

    Layers are calibrated as the samples pass, so that each sees the spikes of calibrated ones.
    """
    neurons = {path: module for path, module in network.named_modules() if isinstance(module, QuantizedLif)}
    with _before({neuron: _Largest() for neuron in neurons.values()}):
        for batch in batches:
            network(batch)
    return {path: float(neuron.alpha) for path, neuron in neurons.items()}


class _Largest:
    """Keeps a neuron's scale at the largest state seen."""

    def __init__(self) -> None:
        self.largest = 0.0

    def __call__(self, neuron: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(neuron, QuantizedLif)
        self.largest = max(self.largest, neuron.largest_state(inputs[0]))
        if self.largest:  # else nothing is carried: there is one time step
            neuron.set_scale(self.largest)


@contextmanager
def _before(hooks: Mapping[Any, Callable[[nn.Module, tuple[Tensor, ...]], None]]) -> Iterator[None]:
    """While open, each hook sees what its module is given; nothing stays behind."""
    handles = [module.register_forward_pre_hook(hook) for module, hook in hooks.items()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
