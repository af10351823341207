"""Random products of activity matrices: attention in both orders, and a matrix times itself."""

from __future__ import annotations

from dataclasses import asdict

from edgesnn.integer.ops import Conv, MatMul, Reshape
from tests.fuzz.arrays import grid, weights
from tests.fuzz.blocks import step_rescale
from tests.fuzz.builder import Builder
from tests.fuzz.neurons import add_neuron
from tests.fuzz.source import Source

MAX_TOKENS = 16
"""Beyond it only products whose size does not grow with the square of the tokens."""


def tokens(source: Source, builder: Builder) -> None:
    """The last signal as (channels, tokens)."""
    channels, *spatial = builder.signal.shape
    if len(spatial) == 1:
        return
    if not spatial:
        channels = source.choice([f for f in (1, 2, 3, 4) if channels % f == 0])
    builder.add(Reshape((channels, builder.signal.size // channels)), builder.last)


def projection(source: Source, builder: Builder, start: str, outputs: int) -> str:
    """A weighted sum of the channels of each token, often spikes of it, within int8."""
    builder.last = start
    on, channels = grid(source), builder.signal.shape[0]
    builder.add(Conv(weights(source, (outputs, channels, 1), on), **asdict(on)), start)
    if source.chance(70):
        add_neuron(source, builder)
    builder.narrow()
    return builder.last


def between(source: Source, builder: Builder) -> str:
    """What makes a map of a product: a neuron, or a scale into int8."""
    if source.chance(30):
        step_rescale(source, builder)
    if source.chance(60):
        add_neuron(source, builder)
    builder.narrow()
    return builder.last


def attention(source: Source, builder: Builder) -> None:
    """Queries, keys and values of one to three heads; scores Q^T K applied to V, or K V^T applied to Q."""
    tokens(source, builder)
    builder.narrow()
    start, heads = builder.last, source.integer(1, 3)
    q, k, v = (projection(source, builder, start, heads * size) for size in _sizes(source))
    if builder.signal.shape[1] <= MAX_TOKENS and source.chance(60):
        builder.add(MatMul(heads, transpose_a=True), q, k)
        builder.add(MatMul(heads, transpose_b=True), v, between(source, builder))
    else:
        builder.add(MatMul(heads, transpose_b=True), k, v)
        builder.add(MatMul(heads, transpose_a=True), between(source, builder), q)
    if source.chance(50):
        step_rescale(source, builder)


def _sizes(source: Source) -> tuple[int, int, int]:
    """Channels a head of queries and keys, which multiply, and of values."""
    shared = source.integer(1, 3)
    return shared, shared, source.integer(1, 3)


def gram(source: Source, builder: Builder) -> None:
    """x x^T or x^T x, by groups of rows."""
    tokens(source, builder)
    builder.narrow()
    rows, columns = builder.signal.shape
    groups = source.choice([g for g in (1, 2, 3) if rows % g == 0])
    turned = columns <= MAX_TOKENS and source.chance(50)
    builder.add(MatMul(groups, transpose_a=turned, transpose_b=not turned), builder.last, builder.last)
