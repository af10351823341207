"""Where the files of the data sets lie, and their content, checked before it is used."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from edgesnn.datasets import catalog, idx
from edgesnn.datasets.catalog import Dataset, Known, RemoteFile
from edgesnn.datasets.download import download, has_content
from edgesnn.errors import DataError
from edgesnn.progress import Progress, silent

VARIABLE = "EDGESNN_DATA"


def array(dataset: Dataset, file: RemoteFile, progress: Progress = silent) -> idx.Bytes:
    """The uint8 array in a file of a data set. Raises DataError where it is missing or not the published one."""
    path = locate(dataset, file, progress)
    return idx.parse(content(path, file), str(path), file.shape)


def content(path: Path, file: RemoteFile) -> bytes:
    """The bytes of a file. Raises DataError where they cannot be read or are not the published ones."""
    try:
        with open(path, "rb") as stream:
            found = stream.read(file.size + 1)
    except OSError as error:
        raise DataError(str(path), f"cannot be read ({error.strerror})", "Correct its permissions") from error
    if hashlib.sha256(found).hexdigest() != file.sha256:
        raise DataError(str(path), "is not the published file: its sha256 differs", "Replace it with the original")
    return found


def locate(dataset: Known, file: RemoteFile, progress: Progress = silent) -> Path:
    """The file in the local copy that EDGESNN_DATA names, else in the user's cache, downloaded if need be.

    Raises DataError where it is in neither and no public address serves it.
    """
    path = folder(dataset) / file.name
    if os.environ.get(VARIABLE) or not dataset.origins:
        if not path.is_file():
            remedy = f"Put it there, or unset {VARIABLE} to let edgesnn download it"
            if not dataset.origins:
                remedy = (
                    f"No public address serves this very file: put a copy there, or in a folder that {VARIABLE} names"
                )
            raise DataError(str(path), "is missing", remedy)
    elif not has_content(path, file):
        download(file, path, dataset.origins, progress)
    return path


def folder(dataset: Known) -> Path:
    """Where the files of a data set are or would be."""
    import platformdirs

    local = os.environ.get(VARIABLE)
    base = Path(local).expanduser() if local else platformdirs.user_cache_path("edgesnn") / "datasets"
    return base / dataset.name


def present(name: str) -> tuple[bool, bool, str]:
    """Whether all files of a data set are at hand, whether edgesnn needs them (never: it has a sample), and where.

    Looks at names and sizes only; downloads nothing. Raises DataError on an unknown name.
    """
    known = catalog.dataset(name)
    place = folder(known)
    sizes = {path.name: path.stat().st_size for path in place.glob("*") if path.is_file()}
    if all(sizes.get(file.name) == file.size for file in known.files):
        return True, False, str(place)
    return False, False, f"downloaded when first used, to {place}" if known.origins else f"wanted in {place}"
