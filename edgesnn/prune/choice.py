"""Which channels stay: the best of each layer, or of each set of layers that additions couple."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import ConfigError
from edgesnn.integer import Array
from edgesnn.prune.graph import FIXED, Channels
from edgesnn.prune.scores import Scores


@dataclass(frozen=True)
class Choice:
    """removed: groups that go. kept: by synapse layer, how many of its channels stay, of how many. passed_over: layers
    that were asked for and stay whole, with the reason."""

    removed: frozenset[int]
    kept: Mapping[str, tuple[int, int]]
    passed_over: Mapping[str, str]


def choose(channels: Channels, scores: Scores, layers: Collection[str], ratio: float) -> Choice:
    """Removes ceil(ratio * n) of the n channels of each family of layers of which all are named, but never the last.

    Raises ConfigError unless 0 < ratio < 1.
    """
    if not 0 < ratio < 1:
        raise ConfigError("pruning", f"ratio {ratio} is not between 0 and 1", "Give e.g. 0.5")
    removed: set[int] = set()
    passed_over: dict[str, str] = {}
    for family in channels.families():
        named = [path for path in family if path in layers]
        if not named:
            continue
        reason = obstacle(channels, scores, family, named)
        if reason:
            passed_over.update(dict.fromkeys(named, reason))
        else:
            removed |= worst(channels, scores, family, ratio)
    gone = np.array(sorted(removed), np.int64)
    kept = {
        path: (int((~np.isin(groups, gone)).sum()), len(groups))
        for path, groups in channels.outputs.items()
        if np.isin(groups, gone).any()
    }
    return Choice(frozenset(removed), kept, passed_over)


def obstacle(channels: Channels, scores: Scores, family: tuple[str, ...], named: list[str]) -> str | None:
    """Why a family must stay whole, if it must."""
    groups = members(channels, family)
    if len(named) < len(family):
        return f"its channels are added to those of {', '.join(path for path in family if path not in named)}"
    if FIXED in groups:
        return "its channels reach the network's output or something that they cannot be followed through"
    if np.isnan(scores.score[groups]).any():
        return "its channels reach no neuron, so that their activity is not known"
    return None


def worst(channels: Channels, scores: Scores, family: tuple[str, ...], ratio: float) -> set[int]:
    """The groups of a family that go. Each of its layers keeps its best channel."""
    groups = members(channels, family)
    order = scores.worst_first(groups)
    best = {int(scores.worst_first(np.unique(channels.outputs[path]))[-1]) for path in family}
    candidates = [int(group) for group in order if int(group) not in best]
    return set(candidates[: math.ceil(ratio * len(groups))])


def members(channels: Channels, family: tuple[str, ...]) -> Array:
    """The groups of all its layers."""
    return np.unique(np.concatenate([channels.outputs[path] for path in family]))
