"""Small real samples inside the package, so that nothing need be downloaded: the first test samples of a data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgesnn.datasets import fsdd, idx
from edgesnn.datasets.idx import Bytes
from edgesnn.datasets.wav import Int16
from edgesnn.integer import Array

HERE = Path(__file__).parent
FOLDERS = {"mnist": HERE / "mnist-sample", "fsdd": HERE / "fsdd-sample"}
COUNTS = {"mnist": 1_000, "fsdd": 30}


def has(name: str, count: int) -> bool:
    """Whether the package holds the first `count` test samples of a data set."""
    return count <= COUNTS.get(name, 0)


def read(name: str) -> tuple[Bytes, Array]:
    """The packaged test images: uint8 (n, 28, 28) and labels int64 (n,)."""
    images, labels = FOLDERS[name] / "images-idx3-ubyte.gz", FOLDERS[name] / "labels-idx1-ubyte.gz"
    samples = idx.parse(images.read_bytes(), str(images), (COUNTS[name], 28, 28))
    return samples, idx.parse(labels.read_bytes(), str(labels), (COUNTS[name],)).astype(np.int64)


def read_recordings(name: str) -> tuple[tuple[Int16, ...], Array]:
    """The packaged test recordings and their labels: of FSDD, take 0 of every digit by three speakers."""
    archive = FOLDERS[name] / "recordings.zip"
    found = fsdd.parsed(fsdd.unpack(archive.read_bytes(), str(archive)), str(archive))
    return tuple(one.samples for one in found), np.array([one.digit for one in found], np.int64)
