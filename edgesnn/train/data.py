"""What a network is trained and judged on: a data set by name, or a user's own samples in an .npz file."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from edgesnn import datasets, encode
from edgesnn.errors import DataError
from edgesnn.train.recordings import Copies, Int16

NONE = Copies()
HELD_OUT = 10
"""One sample in so many is held out of a user's own file for validation, at its end."""


@dataclass(frozen=True)
class Split:
    """Raw samples (n, ...) and labels (n,)."""

    samples: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int | None) -> Split:
        """The first `count` of them; all where it is None."""
        return Split(self.samples[:count], self.labels[:count])


def splits(
    name: str,
    limit: int | None = None,
    front_end: Mapping[str, Any] | None = None,
    copies: Copies = NONE,
    whole: bool = False,
) -> tuple[Split, Split]:
    """(fit, validation) of a data set or an .npz file; `limit` holds for the first alone.

    The file has `samples` (n, ...) integers and `labels` (n,); its last tenth is held out. front_end: what turns
    recordings into samples, as a model's metadata hold it. copies: what is added to the training recordings. whole: fit
    is the whole training part. Raises DataError.
    """
    learnt = "train" if whole else "fit"
    if is_file(name):
        all_of_it = _file(Path(name))
        held_out = max(1, len(all_of_it) // HELD_OUT)
        first, last = (Split(all_of_it.samples[part], all_of_it.labels[part]) for part in parts(held_out))
        return (all_of_it if whole else first).first(limit), last
    if datasets.holds_recordings(name):
        if not front_end:
            raise DataError(
                name, "holds recordings, and no front end turns them into spikes", "Name one in [front_end]"
            )
        ear = encode.from_dict(front_end, name)
        recordings, labels = copies.added(*datasets.recordings(name, learnt, limit))
        return _spikes(ear, recordings, labels), _spikes(ear, *datasets.recordings(name, "validation"))
    return _split(name, learnt, limit), _split(name, "validation", None)


def parts(held_out: int) -> tuple[slice, slice]:
    """All but the last `held_out`, and those."""
    return slice(None, -held_out), slice(-held_out, None)


def described(name: str) -> Mapping[str, Any]:
    """classes, task and training_data of a model's metadata. Raises DataError."""
    if not is_file(name):
        known = datasets.dataset(name)
        origin = f"{known.name} train sha256:{known.training_file.sha256}"
        return {"classes": known.classes, "task": known.name, "training_data": origin}
    try:
        digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(name, f"cannot be read ({error.strerror})", "Check the path") from None
    return {"training_data": f"{Path(name).name} sha256:{digest}"}


def is_file(name: str) -> bool:
    return name.endswith(".npz")


def _split(name: str, split: str, limit: int | None) -> Split:
    samples, labels = datasets.load(name, split, limit)
    return Split(torch.from_numpy(samples.copy()), torch.from_numpy(labels.copy()))


def _spikes(front_end: encode.FrontEnd, recordings: Sequence[Int16], labels: npt.NDArray[np.int64]) -> Split:
    """Spikes (n, T, channels) of recordings."""
    return Split(torch.from_numpy(front_end.encode(recordings)), torch.from_numpy(labels))


def _file(path: Path) -> Split:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            samples, labels = arrays["samples"], arrays["labels"]
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(str(path), f"holds no samples and labels ({error})", "Write both with numpy.savez") from None
    integers = samples.dtype.kind in "iub" and labels.dtype.kind in "iu"
    if not integers or labels.shape != samples.shape[:1] or len(labels) < 2:
        problem = f"samples are {samples.dtype} {samples.shape}, labels {labels.dtype} {labels.shape}"
        raise DataError(str(path), problem, "Give integers, and one label a sample")
    return Split(torch.from_numpy(samples.astype(np.int64)), torch.from_numpy(labels.astype(np.int64)))
