"""Loading a split. The official test part is never mixed with what training sees."""

from __future__ import annotations

import importlib

import numpy as np

from edgesnn.datasets import packaged
from edgesnn.datasets.bar import terminal_bar
from edgesnn.datasets.catalog import Dataset, Recordings, dataset
from edgesnn.datasets.idx import Bytes
from edgesnn.datasets.store import array, locate
from edgesnn.datasets.wav import Int16
from edgesnn.errors import DataError
from edgesnn.integer import Array

VALIDATION = 5_000
"""Images at the end of the official training part that the split "validation" holds and "fit" leaves out."""

SPLITS = {"train": slice(None), "fit": slice(None, -VALIDATION), "validation": slice(-VALIDATION, None)}


def load(name: str, split: str, limit: int | None = None) -> tuple[Bytes, Array]:
    """Images uint8 (n, 28, 28) and labels int64 (n,) of a split, in the published order, the first `limit` of them.

    split: "train" and "test" are the official parts; "fit" and "validation" divide "train" (the last 5,000).

    Raises:
        DataError: unknown name or split, a limit below 1, a set of recordings, or files that cannot be had or are not
            the published ones.
    """
    known = dataset(name)
    _check(name, split, limit)
    if not isinstance(known, Dataset):
        raise DataError(name, "holds recordings, not images", "Use edgesnn.datasets.recordings")
    if split == "test" and limit is not None and packaged.has(name, limit):
        samples, labels = packaged.read(name)
        return samples[:limit], labels[:limit]
    part, rows = (known.test, slice(None)) if split == "test" else (known.train, SPLITS[split])
    with terminal_bar() as progress:
        samples = array(known, part.samples, progress)[rows][:limit]
        raw_labels = array(known, part.labels, progress)[rows][:limit]
    return samples, raw_labels.astype(np.int64)


def recordings(name: str, split: str, limit: int | None = None) -> tuple[tuple[Int16, ...], Array]:
    """Recordings, each int16 (samples,) or (samples, channels), and labels int64 (n,), the first `limit` of a split.

    Splits as in `load`; how "train" is divided is the data set's own (see its module). Raises DataError likewise.
    """
    known = dataset(name)
    _check(name, split, limit)
    if not isinstance(known, Recordings):
        raise DataError(name, "holds images, not recordings", "Use edgesnn.datasets.load")
    if split == "test" and limit is not None and packaged.has(name, limit):
        samples, labels = packaged.read_recordings(name)
    else:
        reader = importlib.import_module(f"edgesnn.datasets.{known.reader}")
        with terminal_bar() as progress:
            samples, labels = reader.load(locate(known, known.file, progress), split)
    return samples[:limit], labels[:limit]


def holds_recordings(name: str) -> bool:
    """Whether `recordings`, not `load`, reads that data set. Raises DataError on an unknown name."""
    return isinstance(dataset(name), Recordings)


def _check(name: str, split: str, limit: int | None) -> None:
    if split != "test" and split not in SPLITS:
        raise DataError(f"{name} {split}", "is no split", f"Known: test, {', '.join(SPLITS)}")
    if limit is not None and limit < 1:
        raise DataError(f"{name} {split}", f"a limit of {limit} leaves no samples", "Give 1 or more")


def sample(name: str) -> tuple[Bytes, Array]:
    """The first 1,000 test images: uint8 (1000, 28, 28) and labels int64 (1000,).

    MNIST's are part of the package; those of other data sets come from the full one, as with `load`. Raises DataError.
    """
    return load(name, "test", packaged.COUNTS["mnist"])
