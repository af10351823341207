"""Random models of Loihi's own neurons: what a stock Loihi 2 computes without microcode."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array, Model, Signal
from edgesnn.integer.ops import Conv, Dense, Input, Lif, MaxPool, Membrane
from tests.fuzz import blocks
from tests.fuzz.builder import Builder
from tests.fuzz.source import Source

FRACTION_BITS = 6
RANGES = ((0, 1), (-1, 1), (0, 31))


def random_loihi_model(source: Source, name: str = "random_loihi") -> Model:
    """Even weights, six fraction bits, 24-bit states, strict thresholds, reset to zero, biases on Loihi's grid."""
    sizes = (source.integer(1, 3), source.integer(3, 7), source.integer(3, 7))
    model_input = Input(sizes[: source.integer(1, 3)], *source.choice(RANGES))
    builder = Builder(model_input, source.choice((source.integer(1, 8), source.integer(1, 32))), streaming=False)
    for _ in range(source.integer(1, 3)):
        even_synapse(source, builder)
        stock_lif(source, builder)
        if len(builder.signal.shape) > 1 and source.chance(40):
            builder.append(MaxPool(**blocks.window(source, builder.signal.shape[1:], dilated=False)))
    blocks.flatten(builder)
    even_dense(source, builder)
    bias = bias_on_grid(source, builder.signal)
    if not builder.append(Membrane(bias, source.choice((0, 1, 2048, 4096)), FRACTION_BITS)):
        builder.add(Membrane(0, 4096, FRACTION_BITS), builder.last)
    return builder.model(name)


def even(source: Source, shape: tuple[int, ...]) -> Array:
    limit = source.choice((8, 2, 64))
    return 2 * source.rng().integers(-limit, limit, shape)


def even_synapse(source: Source, builder: Builder) -> None:
    channels, *spatial = builder.signal.shape
    if not spatial or source.chance(20):
        return even_dense(source, builder)
    attributes = blocks.window(source, tuple(spatial), dilated=True)
    groups = source.choice([g for g in (1, channels) if channels % g == 0])
    outputs = groups * source.integer(1, 3)
    weight = even(source, (outputs, channels // groups, *attributes.pop("kernel")))
    builder.add(Conv(weight, groups=groups, **attributes), builder.last)


def even_dense(source: Source, builder: Builder) -> None:
    blocks.flatten(builder)
    builder.add(Dense(even(source, (source.integer(1, 8), builder.signal.size))), builder.last)


def stock_lif(source: Source, builder: Builder) -> None:
    """A neuron with Loihi's attributes; without memory of its current if that may not fit 24 bits."""
    signal = builder.signal
    reach = max(1, signal.range.maximum, -signal.range.minimum)
    rest = {
        "threshold": source.integer(0, min(reach, (1 << 17) - 1)) // source.choice((2, 1, 8)),
        "bias": bias_on_grid(source, signal),
        "voltage_decay": source.choice((0, 2048, 4095, source.integer(0, 4095))),
    }
    decay = source.choice((4096, 2048, source.integer(1, 4096)))
    if not builder.append(Lif(current_decay=decay, **rest)):
        builder.add(Lif(current_decay=4096, **rest), builder.last)


def bias_on_grid(source: Source, signal: Signal) -> Array:
    """A 13-bit mantissa times a power of two, one a channel."""
    shape = (signal.shape[0], *(1,) * (len(signal.shape) - 1))
    if source.chance(40):
        return np.zeros((), np.int64)
    return source.rng().integers(-50, 50, shape, endpoint=True) << source.integer(0, 6)
