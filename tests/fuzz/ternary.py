"""Random ternary networks: signed input, weights of either grid, ternary neurons, nothing that has a bias."""

from __future__ import annotations

from dataclasses import asdict

from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense, Input, Membrane
from tests.fuzz import blocks
from tests.fuzz.arrays import grid, weights
from tests.fuzz.builder import Builder
from tests.fuzz.neurons import add, decay, ternary_lif
from tests.fuzz.source import Source

LARGEST = (1, 7, 127)
"""Ternary, graded and wide input."""


def random_ternary_model(source: Source, name: str = "random_ternary") -> Model:
    """One to three layers and a readout that leaks; every operator treats x and -x alike."""
    largest = source.choice(LARGEST)
    sizes = (source.integer(1, 3), source.integer(2, 7), source.integer(2, 7))
    builder = Builder(Input(sizes[: source.integer(1, 3)], -largest, largest), source.integer(1, 24), streaming=False)
    for _ in range(source.integer(1, 3)):
        synapse(source, builder)
        add(ternary_lif, source, builder)
    dense(source, builder)
    if not builder.append(Membrane(0, decay(source), source.choice((0, 6)))):
        builder.add(Membrane(0, 4096), builder.last)
    return builder.model(name)


def synapse(source: Source, builder: Builder) -> None:
    channels, *spatial = builder.signal.shape
    if not spatial or source.chance(30):
        return dense(source, builder)
    attributes, on = blocks.window(source, tuple(spatial), dilated=True), grid(source)
    weight = weights(source, (source.integer(1, 6), channels, *attributes.pop("kernel")), on)
    builder.add(Conv(weight, **attributes, **asdict(on)), builder.last)


def dense(source: Source, builder: Builder) -> None:
    blocks.flatten(builder)
    on = grid(source)
    builder.add(Dense(weights(source, (source.integer(1, 12), builder.signal.size), on), **asdict(on)), builder.last)
