"""Where elements lie: a model's tensors have channels first, the file's have a batch axis and channels last.

A shape (C, H, W) becomes (1, H, W, C), (C, L) becomes (1, L, C) and (N,) becomes (1, N).
"""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array, Interval
from edgesnn.integer.signal import Shape


def device_shape(shape: Shape) -> Shape:
    """The file's shape of a tensor whose model shape is `shape`."""
    return (1, *shape[1:], shape[0]) if len(shape) > 1 else (1, *shape)


def to_device(value: Array, rank: int) -> Array:
    """The last `rank` axes, channels first, to channels last. The result is a view."""
    return np.moveaxis(value, value.ndim - rank, -1)


def from_device(value: Array, rank: int) -> Array:
    """The last `rank` axes, channels last, to channels first. The result is a view."""
    return np.moveaxis(value, -1, value.ndim - rank)


def device_parameter(value: Array, shape: Shape) -> Array:
    """A parameter that broadcasts to the model shape `shape`, as an array that broadcasts to its device shape."""
    full = value.reshape((1,) * (len(shape) - value.ndim) + value.shape)
    return to_device(full[None], len(shape))


def device_range(interval: Interval) -> Interval:
    """Proven bounds of a model tensor, as bounds of the file's tensor."""
    rank = interval.low.ndim
    return Interval(to_device(interval.low[None], rank), to_device(interval.high[None], rank))
