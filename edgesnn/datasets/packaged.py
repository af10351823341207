"""A small real sample inside the package: the first 1,000 MNIST test images, so that nothing need be downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgesnn.datasets import idx
from edgesnn.datasets.catalog import dataset
from edgesnn.datasets.idx import Bytes
from edgesnn.integer import Array

COUNT = 1_000
FOLDERS = {"mnist": Path(__file__).parent / "mnist-sample"}


def has(name: str, count: int) -> bool:
    """Whether the package holds the first `count` test samples of a data set."""
    return name in FOLDERS and count <= COUNT


def read(name: str) -> tuple[Bytes, Array]:
    """The first 1,000 test samples in the package: uint8 (1000, 28, 28) and labels int64 (1000,)."""
    images, labels = FOLDERS[name] / "images-idx3-ubyte.gz", FOLDERS[name] / "labels-idx1-ubyte.gz"
    samples = idx.parse(images.read_bytes(), str(images), (COUNT, *dataset(name).test.samples.shape[1:]))
    return samples, idx.parse(labels.read_bytes(), str(labels), (COUNT,)).astype(np.int64)
