"""Data sets with their official splits: downloaded once with checksum and resume, or read from a local copy.

`EDGESNN_DATA` names a folder with local copies (mnist/, fashion-mnist/); otherwise files are kept in the user's cache.
"""

from edgesnn.datasets.catalog import Dataset, dataset, names
from edgesnn.datasets.splits import load, sample
from edgesnn.datasets.store import present

__all__ = ["Dataset", "dataset", "load", "names", "present", "sample"]
