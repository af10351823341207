"""A network with random integer weights whose layers fire as often as it takes to learn."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from edgesnn.errors import TrainingError
from edgesnn.integer import Array
from edgesnn.integer.learning import Layer, Learning, Pupil
from edgesnn.integer.learning.events import Events, integrate
from edgesnn.integer.learning.ramps import crossings
from edgesnn.integer.learning.threshold import MAX_THRESHOLD
from edgesnn.integer.learning_section import POTENTIALS

STATE_BITS = 24
LARGEST = 127
SPREAD = 3.5
"""Largest weight in standard deviations."""
MEAN = {"std-ed": 0.5, "mpd-ed": 0.25, "stdbp": 0.5, "stbp": 0.25}
"""Of weights, in standard deviations: with a mean above 0, potentials rise."""
RATES = {"std-ed": 0.15, "mpd-ed": 0.1, "stdbp": 0.3, "stbp": 0.1}
"""Spikes of a hidden neuron a step (stdbp: a sample) that a threshold is chosen for."""
OUTPUT_RATE = 0.5
"""Part of the output neurons that fire in a sample, where they do."""
SAMPLES = 24
"""Looked at to choose thresholds."""


def beginning(
    name: str, sizes: Sequence[int], ticks: int, learning: Learning, samples: Sequence[Array], seed: int = 0
) -> Pupil:
    """A network of these sizes, inputs first and classes last, with weights from `seed`.

    Each layer's threshold is the one at which it fires at its rate on the first samples; their labels are not looked
    at. Raises TrainingError where sizes are no sizes.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise TrainingError(name, f"{'-'.join(map(str, sizes))} is no network", "Give two sizes or more, all above 0")
    rng, rule = np.random.default_rng(seed), learning.rule
    seen = list(samples[:SAMPLES])
    layers = []
    for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes), 2):
        scaled = (rng.standard_normal((outputs, inputs)) + MEAN[rule]) * LARGEST / (SPREAD + MEAN[rule])
        layer = Layer(np.rint(scaled).clip(-LARGEST, LARGEST).astype(np.int64), 0, STATE_BITS)
        last = number == len(sizes)
        if not last or rule not in POTENTIALS:
            layer = balanced(layer, seen, ticks, rule, last)
            seen = [through(layer, x, ticks, rule) for x in seen]
        layers.append(layer)
    return Pupil(name, tuple(layers), ticks, learning)


def balanced(layer: Layer, seen: Sequence[Array], ticks: int, rule: str, last: bool) -> Layer:
    """The layer with the threshold, found by bisection, at which it fires at its rate."""
    low, high = 1, MAX_THRESHOLD
    while high - low > 1:
        middle = replace(layer, threshold=(low + high) // 2)
        rate = np.mean([fired(through(middle, x, ticks, rule), ticks, rule, last) for x in seen])
        if rate < (OUTPUT_RATE if last else RATES[rule]):
            high = middle.threshold
        else:
            low = middle.threshold
    return replace(layer, threshold=low)


def through(layer: Layer, x: Array, ticks: int, rule: str) -> Array:
    """What a layer makes of its input: a spike train (ticks, neurons), or for stdbp the tick of each neuron's spike."""
    if rule != "stdbp":
        return integrate(layer.weight, x, layer.threshold, layer.limit)[0]
    order = np.argsort(x, kind="stable")
    order = order[x[order] < ticks]
    return crossings(layer.weight, Events(x[order], order), layer.threshold, ticks)[0]


def fired(spikes: Array, ticks: int, rule: str, last: bool) -> float:
    """The firing rate of a layer in a sample; of the last one, the part of its neurons that fire at all."""
    if rule == "stdbp":
        return float(np.mean(spikes < ticks))
    return float(np.mean(spikes.any(0) if last else spikes))
