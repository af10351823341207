"""The samples that rates are measured on: none that the model was trained on."""

from __future__ import annotations

from edgesnn import datasets
from edgesnn.errors import DataError
from edgesnn.integer import Model
from edgesnn.samples import Samples, find_samples, random_samples

SEEN = ("train", "fit")
"""Splits that training uses."""


def held_out(model: Model, data: str | None, split: str, count: int) -> Samples:
    """The first `count` samples of the data named, or of the model's task; random input, and it says so, where the
    model names no data that edgesnn has. Raises DataError for a split that training uses."""
    if split in SEEN:
        raise DataError(split, "is what models are trained on", "Choose test or validation")
    if data is None and model.metadata.task not in datasets.names():
        return random_samples(model, count)
    return find_samples(model, data, split, count)
