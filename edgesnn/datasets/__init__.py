"""Data sets with their official splits: downloaded once with checksum and resume, or read from a local copy.

`EDGESNN_DATA` names a folder with local copies (mnist/, fsdd/, ...); otherwise files are kept in the user's cache.
"""

from edgesnn.datasets.catalog import Dataset, Known, Recordings, dataset, names
from edgesnn.datasets.splits import holds_recordings, load, recordings, sample
from edgesnn.datasets.store import present

__all__ = [
    "Dataset", "Known", "Recordings", "dataset", "holds_recordings", "load", "names", "present", "recordings", "sample",
]  # fmt: skip
