"""Structured pruning: scores channels, removes the worst ones from every layer that makes or reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from edgesnn.errors import ConfigError
from edgesnn.integer import Array
from edgesnn.layers.conv import QuantConv
from edgesnn.prune.agreement import check_agreement
from edgesnn.prune.choice import Choice, choose
from edgesnn.prune.graph import Channels, channels
from edgesnn.prune.scores import METHODS, NEEDS_SAMPLES
from edgesnn.structure import KeepChannels, apply
from edgesnn.structure.select import execution_order
from edgesnn.target import nearest


@dataclass(frozen=True)
class Pruned:
    """The changes that were made, and what was chosen."""

    changes: tuple[KeepChannels, ...]
    choice: Choice


def prune(
    network: nn.Module, method: str, ratio: float, layers: Collection[str], samples: list[Tensor], seed: int = 0
) -> Pruned:
    """Cuts channels out of a network of edgesnn.layers, in place.

    Before that it is checked on the samples (or random ones) that the cut network computes, with the same integer
    weights, exactly what the whole one does when the removed channels are silent.

    Args:
        method: a name of METHODS.
        ratio: share of the channels removed, rounded up, of each of `layers` (paths of synapse layers).
        samples: batches of raw samples, not augmented.

    Raises:
        ConfigError: an unknown method, a ratio outside (0, 1), or nothing that could be removed.
        LoweringError: the network cannot be traced.
    """
    if method not in METHODS:
        raise ConfigError("pruning", f"method {method!r:.80} is unknown", nearest(method, METHODS))
    if method in NEEDS_SAMPLES and not samples:
        raise ConfigError("pruning", f"{method} looks at spikes and has no samples", "Give at least one batch")
    found = channels(network)
    choice = choose(found, METHODS[method](network, found, samples, seed), layers, ratio)
    if not choice.removed:
        reasons = [f"{path}: {reason}" for path, reason in choice.passed_over.items()] or ["no layer is named"]
        raise ConfigError("pruning", f"nothing can be removed ({'; '.join(reasons)})", "Name other layers")
    changes = tuple(removal(found, choice))
    check_agreement(network, changes, samples[:1])
    apply(network, changes)
    return Pruned(changes, choice)


def removal(found: Channels, choice: Choice) -> list[KeepChannels]:
    """What every layer keeps, for those that lose something."""
    gone = np.array(sorted(choice.removed), np.int64)
    changes = []
    for path, groups in found.outputs.items():
        change = KeepChannels(
            path, _kept(groups, gone), _kept(found.inputs[path], gone) if path in found.inputs else None
        )
        if change != KeepChannels(path):
            changes.append(change)
    return changes


def last_convolution(network: nn.Module) -> list[str]:
    """The last convolution that runs, if there is one: by default its outputs are never pruned, as in the paper."""
    return execution_order(network, QuantConv)[-1:]


def _kept(groups: Array, gone: Array) -> tuple[int, ...] | None:
    stays = ~np.isin(groups, gone)
    return None if stays.all() else tuple(int(index) for index in np.flatnonzero(stays))
