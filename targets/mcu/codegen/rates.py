"""How many of a model's inputs are active, where the package itself has samples of its task."""

from __future__ import annotations

import functools

import numpy as np

from edgesnn.datasets import packaged
from edgesnn.integer import Encoding, Model

SAMPLES = 100


def of_input(model: Model) -> float | None:
    """The fraction of inputs that are not zero; None where nothing is known of them. The same on every computer."""
    task = model.metadata.task
    if model.metadata.front_end or model.encoding.latency or not packaged.has(task, SAMPLES):
        return None
    return _of_images(task, model.encoding)


@functools.cache
def _of_images(task: str, encoding: Encoding) -> float:
    images = packaged.read(task)[0][:SAMPLES].astype(np.int64)
    return float(np.count_nonzero(images - encoding.offset >> encoding.shift) / images.size)
