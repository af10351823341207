"""Random parameters: weights on their grid, thresholds and biases of every shape that broadcasts."""

from __future__ import annotations

from edgesnn.integer import Array
from edgesnn.integer.ops.synapse import WEIGHT_BITS
from tests.fuzz.source import Source


def weights(source: Source, shape: tuple[int, ...], bits: int) -> Array:
    """Weights of a shape on the grid of `bits`: random, sparse, or pushed to both ends of the grid."""
    rng = source.rng()
    if bits == 1:
        return rng.choice([-1, 1], shape)
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    style = source.choice(("uniform", "sparse", "extreme", "positive"))
    if style == "extreme":
        return rng.choice([low, high], shape)
    values = rng.integers(0 if style == "positive" else low, high, shape, endpoint=True)
    return values * rng.integers(0, 2, shape) if style == "sparse" else values


def weight_bits(source: Source) -> int:
    return source.choice(WEIGHT_BITS)


def spread(source: Source, shape: tuple[int, ...], low: int, high: int) -> Array:
    """Values in [low, high] as a scalar, one a channel, or one an element of `shape`."""
    channel = (shape[0], *(1,) * (len(shape) - 1))
    return source.rng().integers(low, high, source.choice(((), channel, shape)), endpoint=True)


def bias(source: Source, outputs: int, limit: int = 300) -> Array | int:
    return source.rng().integers(-limit, limit, outputs, endpoint=True) if source.chance(50) else 0
