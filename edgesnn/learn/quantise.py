"""A network trained in float as integer layers: weights of 8 bits, thresholds on the same scale."""

from __future__ import annotations

import itertools
from copy import deepcopy

import numpy as np
import torch

from edgesnn.errors import TrainingError
from edgesnn.integer import Model
from edgesnn.integer.learning import Layer, model_of
from edgesnn.integer.learning.threshold import MAX_THRESHOLD
from edgesnn.learn.adaptive_threshold import AdaptiveThreshold
from edgesnn.learn.networks import LearningNetwork, MpdEdNetwork, StdbpNetwork, SteppedNetwork, WindowNetwork

STATE_BITS = (16, 24, 32)


@torch.no_grad()
def integer_layers(network: LearningNetwork) -> tuple[Layer, ...]:
    """Each layer's weights, so that the largest is 127, or less where its threshold would not fit 17 bits, and its
    threshold.

    Raises TrainingError for networks in windows, whose falling thresholds have no integer layer.
    """
    if isinstance(network, WindowNetwork) or not isinstance(network, SteppedNetwork | StdbpNetwork):
        raise TrainingError(type(network).__name__, "has no integer layers", "Train with std-ed, mpd-ed, stbp or stdbp")
    thresholds = [float(threshold.value) for threshold in network.thresholds]  # type: ignore[arg-type]
    thresholds.append(0.0 if isinstance(network, MpdEdNetwork) else float(network.last_threshold))
    spikes = itertools.chain((1,), itertools.repeat(network.ticks))  # of an input, at most
    return tuple(
        _layer(weight.double().numpy(), threshold / network.tick, most)
        for weight, threshold, most in zip(network.weights, thresholds, spikes, strict=False)
    )


@torch.no_grad()
def rounded(network: LearningNetwork) -> LearningNetwork:
    """A copy in eval mode whose floats are those integers: by `whole` of its logits it decides as the integer model."""
    copy = deepcopy(network).eval()
    layers = integer_layers(network)
    for weight, layer in zip(copy.weights, layers, strict=True):
        weight.copy_(torch.tensor(layer.weight))
    for threshold, layer in zip(copy.thresholds, layers[:-1], strict=True):
        assert isinstance(threshold, AdaptiveThreshold)
        threshold.value.fill_(layer.threshold * network.tick)
    copy.last_threshold.fill_(layers[-1].threshold * network.tick)
    if isinstance(copy, StdbpNetwork):
        copy.horizon *= 2  # as the model has twice the ticks
    return copy


def integer_model(name: str, network: LearningNetwork) -> Model:
    """The model of a network's integer layers. It encodes values 0..255 as spikes, as the network does.

    Of stdbp it has twice the ticks of the network, to which an output that has not fired by then still has a time.
    Raises TrainingError as `integer_layers`, RangeError where a sum may leave 32 bits.
    """
    layers = integer_layers(network)
    if isinstance(network, StdbpNetwork):
        return model_of(name, layers, 2 * network.ticks, ramps=True, latency=network.ticks // 2)
    return model_of(name, layers, network.ticks)


def _layer(weight: np.ndarray, threshold: float, spikes: int) -> Layer:
    """spikes: the most that an input sends in a sample, by which states are wide enough never to saturate."""
    scale = 127 / max(float(np.abs(weight).max()), 1e-9)
    if threshold:
        scale = min(scale, MAX_THRESHOLD / threshold)
    whole = max(1, round(threshold * scale)) if threshold else 0
    integers = np.rint(weight * scale).astype(np.int64)
    reach = int(np.abs(integers).sum(axis=1).max()) * spikes
    return Layer(integers, whole, next(bits for bits in STATE_BITS if max(reach, whole) < 1 << (bits - 1)))
