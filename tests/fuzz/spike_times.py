"""Random networks whose neurons fire once a sample: what they say is when."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from edgesnn.integer import Model, Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, FirstSpike, Input, RelPsp
from tests.fuzz import blocks
from tests.fuzz.arrays import grid, spread, weights
from tests.fuzz.builder import Builder
from tests.fuzz.neurons import TOP, reach
from tests.fuzz.source import Source

RANGES = ((0, 1), (-1, 1), (-128, 127))


def random_spike_time_model(source: Source, name: str = "random_spike_time") -> Model:
    """One to three layers, now and then with a scale before their neurons, and the first spike as readout."""
    sizes = (source.integer(1, 3), source.integer(2, 7), source.integer(2, 7))
    model_input = Input(sizes[: source.integer(1, 3)], *source.choice(RANGES))
    builder = Builder(model_input, source.choice((source.integer(2, 32), 2, 16)), streaming=False)
    for _ in range(source.integer(0, 2)):
        synapse(source, builder)
        if source.chance(20):
            blocks.rescale(source, builder)
        neuron(source, builder)
    blocks.dense(source, builder)
    neuron(source, builder)
    builder.add(FirstSpike(source.choice((builder.time_steps, 1, 40))), builder.last)
    return builder.model(name)


def synapse(source: Source, builder: Builder) -> None:
    """Synapses of either kind, on any grid."""
    channels, *spatial = builder.signal.shape
    on = grid(source)
    if not spatial or source.chance(30):
        blocks.flatten(builder)
        op: Operator = Dense(weights(source, (source.integer(1, 40), builder.signal.size), on), **asdict(on))
    else:
        attributes = blocks.window(source, tuple(spatial), dilated=True)
        kernel = attributes.pop("kernel")
        op = Conv(weights(source, (source.integer(1, 6), channels, *kernel), on), **attributes, **asdict(on))
    builder.add(op, builder.last)


def neuron(source: Source, builder: Builder) -> None:
    """Neurons, whose input is made narrower until the sum of its sums fits."""
    while not builder.append(rel_psp(source, builder.signal, builder.time_steps)):
        most = max(1, reach(builder.signal) // 16)
        builder.narrow(-most - 1, most)


def rel_psp(source: Source, signal: Signal, steps: int) -> Operator:
    """Thresholds that are reached early, late or never."""
    late = reach(signal) * steps * steps // 2
    high = min(TOP, max(1, late // source.choice((64, 8, 512, 2))))
    low = source.choice((high, 1, max(1, high // 2)))
    return RelPsp(np.maximum(spread(source, signal.shape, low, high), 1))
