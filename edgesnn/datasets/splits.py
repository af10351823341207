"""Loading a split. The official test part is never mixed with what training sees."""

from __future__ import annotations

import numpy as np

from edgesnn.datasets import packaged
from edgesnn.datasets.bar import terminal_bar
from edgesnn.datasets.catalog import dataset
from edgesnn.datasets.idx import Bytes
from edgesnn.datasets.store import array
from edgesnn.errors import DataError
from edgesnn.integer import Array

VALIDATION = 5_000
"""Samples at the end of the official training part that the split "validation" holds and "fit" leaves out."""

SPLITS = {"train": slice(None), "fit": slice(None, -VALIDATION), "validation": slice(-VALIDATION, None)}


def load(name: str, split: str, limit: int | None = None) -> tuple[Bytes, Array]:
    """Samples uint8 (n, 28, 28) and labels int64 (n,) of a split, in the published order, the first `limit` of them.

    split: "train" and "test" are the official parts; "fit" and "validation" divide "train" (the last 5,000).

    Raises:
        DataError: unknown name or split, a limit below 1, or files that cannot be had or are not the published ones.
    """
    known = dataset(name)
    if split != "test" and split not in SPLITS:
        raise DataError(f"{name} {split}", "is no split", f"Known: test, {', '.join(SPLITS)}")
    if limit is not None and limit < 1:
        raise DataError(f"{name} {split}", f"a limit of {limit} leaves no samples", "Give 1 or more")
    if split == "test" and limit is not None and packaged.has(name, limit):
        samples, labels = packaged.read(name)
        return samples[:limit], labels[:limit]
    part, rows = (known.test, slice(None)) if split == "test" else (known.train, SPLITS[split])
    with terminal_bar() as progress:
        samples = array(known, part.samples, progress)[rows][:limit]
        raw_labels = array(known, part.labels, progress)[rows][:limit]
    return samples, raw_labels.astype(np.int64)


def sample(name: str) -> tuple[Bytes, Array]:
    """The first 1,000 test samples: uint8 (1000, 28, 28) and labels int64 (1000,).

    MNIST's are part of the package; those of other data sets come from the full one, as with `load`. Raises DataError.
    """
    return load(name, "test", packaged.COUNT)
