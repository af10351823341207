"""Images as spike times: the brighter, the earlier."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from edgesnn.errors import DataError
from edgesnn.integer import Array
from edgesnn.integer.learning.layers import BRIGHTEST, FAINTEST


def shrink(images: npt.ArrayLike, factor: int = 2) -> Array:
    """Images (n, height, width) as (n, features), each feature the mean of factor x factor pixels, rounded down.

    Raises DataError where the factor does not divide height and width.
    """
    values = np.asarray(images, np.int64)
    if values.ndim != 3 or factor < 1 or values.shape[1] % factor or values.shape[2] % factor:
        raise DataError(f"images {values.shape}", f"do not divide into {factor} x {factor} pixels", "Change the factor")
    n, height, width = values.shape
    blocks = values.reshape(n, height // factor, factor, width // factor, factor)
    means: Array = blocks.sum((2, 4)).reshape(n, -1) // factor**2
    return means


def shrunk(images: npt.NDArray[Any], inputs: int, name: str) -> Array:
    """Images (n, height, width) as (n, inputs), by the factor that makes as many. Raises DataError where none does."""
    height, width = images.shape[1:]
    factors = [factor for factor in range(1, height + 1) if height % factor == 0 == width % factor]
    sizes = {height * width // factor**2: factor for factor in factors}
    if inputs not in sizes:
        problem = f"images of {height} x {width} do not shrink to {inputs} inputs"
        raise DataError(name, problem, f"Use one of: {', '.join(map(str, sorted(sizes)))}")
    return shrink(images, sizes[inputs])


def latency(values: npt.ArrayLike, ticks: int, faintest: int = FAINTEST) -> Array:
    """The tick of each value's one spike: ((255 - value) * ticks) >> 8, so 255 is tick 0; `ticks`, which is never,
    below `faintest`. Raises DataError for values outside 0..255.

    >>> latency([255, 128, 32, 31], ticks=16)
    array([ 0,  7, 13, 16])
    """
    values = np.asarray(values, np.int64)
    if values.size and (values.min() < 0 or values.max() > BRIGHTEST):
        raise DataError("values", f"from {values.min()} to {values.max()} leave 0..255", "Give pixels")
    return np.where(values >= faintest, (BRIGHTEST - values) * ticks >> 8, ticks)


def spiking(values: npt.ArrayLike, span: int, ticks: int, faintest: int = FAINTEST) -> Array:
    """The same within the first `span` of so many ticks, the number of which is never."""
    times = latency(values, span, faintest)
    return np.where(times < span, times, ticks)


def trains(times: Array, ticks: int) -> Array:
    """Times (n, features) as spikes (n, ticks, features) of 0 and 1; a time of `ticks` or more never comes.

    >>> trains(np.array([[0, 2, 3]]), 3).tolist()
    [[[1, 0, 0], [0, 0, 0], [0, 1, 0]]]
    """
    spikes: Array = (times[:, None, :] == np.arange(ticks)[:, None]).astype(np.int64)
    return spikes
