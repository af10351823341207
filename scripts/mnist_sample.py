"""Writes the sample that edgesnn/datasets/mnist-sample holds, from the published files.

python scripts/mnist_sample.py edgesnn/datasets/mnist-sample
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from edgesnn import datasets
from edgesnn.datasets import idx, packaged
from edgesnn.files import write_bytes


def main(folder: Path) -> None:
    """Writes both files; needs the full MNIST test set (EDGESNN_DATA, the cache, or a download)."""
    samples, labels = datasets.load("mnist", "test")
    write_bytes(folder / "images-idx3-ubyte.gz", idx.pack(samples[: packaged.COUNTS["mnist"]]))
    write_bytes(folder / "labels-idx1-ubyte.gz", idx.pack(labels[: packaged.COUNTS["mnist"]].astype(np.uint8)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
