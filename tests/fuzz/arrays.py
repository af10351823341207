"""Random parameters: weights on their grid, thresholds and biases of every shape that broadcasts."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer import Array
from edgesnn.integer.ops.synapse import WEIGHT_BITS
from tests.fuzz.source import Source


@dataclass(frozen=True)
class Grid:
    """The integers that weights may be, as synapses name them."""

    weight_bits: int
    zero_free: bool


def grid(source: Source) -> Grid:
    return Grid(source.choice(WEIGHT_BITS), source.chance(40))


def weights(source: Source, shape: tuple[int, ...], on: Grid) -> Array:
    """Weights of a shape on a grid: random, sparse, or pushed to both ends of the grid."""
    rng = source.rng()
    low, high = -(1 << on.weight_bits - 1), (1 << on.weight_bits - 1) - 1
    style = source.choice(("uniform", "sparse", "extreme", "positive"))
    if style == "extreme":
        codes = rng.choice([low, high], shape)
    else:
        codes = rng.integers(0 if style == "positive" else low, high, shape, endpoint=True)
    if style == "sparse":
        codes = codes * rng.integers(0, 2, shape)
    return 2 * codes + 1 if on.zero_free or on.weight_bits == 1 else codes


def spread(source: Source, shape: tuple[int, ...], low: int, high: int) -> Array:
    """Values in [low, high] as a scalar, one a channel, or one an element of `shape`."""
    channel = (shape[0], *(1,) * (len(shape) - 1))
    return source.rng().integers(low, high, source.choice(((), channel, shape)), endpoint=True)


def bias(source: Source, outputs: int, limit: int = 300) -> Array | int:
    return source.rng().integers(-limit, limit, outputs, endpoint=True) if source.chance(50) else 0
