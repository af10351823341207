"""Where the samples come from that a model is run on: its task's data, a file, or random input within range."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgesnn.encode import front_end_of
from edgesnn.errors import DataError
from edgesnn.integer import Array, Model
from edgesnn.learn.coding import shrunk
from edgesnn.target import nearest

SEED = 20240
MAX_SAMPLES = 1_000_000


@dataclass(frozen=True)
class Samples:
    """Model input x (samples, T, *input shape), labels (samples,) if known, and where they come from, in words."""

    x: Array
    labels: Array | None
    source: str

    def __len__(self) -> int:
        return len(self.x)


def task_samples(model: Model, count: int) -> Samples:
    """The first `count` test samples of the model's task, or random ones where edgesnn has no data of that task."""
    from edgesnn import datasets

    check_count(count)
    task = model.metadata.task
    if task not in datasets.names():
        return random_samples(model, count)
    return dataset_samples(model, task, "test", count)


def random_samples(model: Model, count: int, seed: int = SEED) -> Samples:
    """Uniformly random input over the model's declared range, the same for the same seed; where values come as single
    spikes, that of random values."""
    low, high = model.input_op.low, model.input_op.high
    rng, encoding = np.random.default_rng(seed), model.encoding
    if encoding.latency:
        raw = rng.integers(encoding.raw_low, encoding.raw_high + 1, (count, *model.input.shape), np.int64)
        return Samples(model.encode(raw), None, f"random values, seed {seed}")
    x = rng.integers(low, high + 1, (count, model.time_steps, *model.input.shape), np.int64)
    return Samples(x, None, f"random input, seed {seed}")


def dataset_samples(model: Model, name: str, split: str, limit: int | None) -> Samples:
    """Samples of a data set by name, in its order; images are shrunk to a model whose inputs are one row of values.

    Raises DataError on unknown names and splits, and where images do not shrink to the model."""
    from edgesnn import datasets

    if name not in datasets.names():
        raise DataError(name, "is neither a data set nor an .npz file", nearest(name, datasets.names()))
    if datasets.holds_recordings(name):
        recordings, classes = datasets.recordings(name, split, limit)
        return Samples(spikes_of(model, recordings), classes, f"{name} {split}")
    raw, labels = datasets.load(name, split, limit)
    one_row = len(model.input.shape) == 1
    values = shrunk(raw, model.input.size, name) if one_row else raw.astype(np.int64)
    return Samples(model.encode(values), np.asarray(labels, np.int64), f"{name} {split}")


def spikes_of(model: Model, recordings: Sequence[npt.NDArray[np.int16]]) -> Array:
    """Model input of raw recordings, through the model's own front end. Raises DataError where it has none."""
    front_end = front_end_of(model)
    if front_end is None:
        raise DataError(model.name, "has no front end for recordings", "Give data in the model's own input form")
    return front_end.encode(recordings).astype(np.int64)


def file_samples(model: Model, path: Path, limit: int | None) -> Samples:
    """Samples of an .npz file: `samples` as `Model.encode` takes them and, if there, `labels` (samples,) integers.

    For a model with a front end, `samples` are its spikes, or recordings (n, samples) or (n, samples, channels).
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if "samples" not in arrays:
                raise DataError(str(path), f"has no array `samples` ({', '.join(arrays) or 'it is empty'})", "Add it")
            raw = arrays["samples"]
            labels = arrays.get("labels")
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(str(path), f"is no readable .npz file ({error})", "Write it with numpy.savez") from error
    if raw.dtype.kind not in "iub" or raw.ndim < 2:
        raise DataError(str(path), f"`samples` is {raw.dtype} of shape {raw.shape}", "Give integers (samples, ...)")
    if labels is not None and (labels.dtype.kind not in "iu" or labels.shape != (len(raw),)):
        raise DataError(str(path), f"`labels` is {labels.dtype} of shape {labels.shape}", "Give one integer a sample")
    labels = None if labels is None else labels[:limit].astype(np.int64)
    x = spikes_of(model, raw[:limit]) if are_recordings(model, raw) else model.encode(raw[:limit].astype(np.int64))
    return Samples(x, labels, path.name)


def are_recordings(model: Model, raw: Array) -> bool:
    """Whether samples go through the model's front end: they are not spikes of the model's own shape already."""
    spikes = raw.shape[1:] == (model.time_steps, *model.input.shape) and bool((np.abs(raw) <= 1).all())
    return bool(model.metadata.front_end) and not spikes


def find_samples(model: Model, data: str | None, split: str, limit: int | None) -> Samples:
    """The data named: a data set, an .npz file, or the model's task where nothing is named."""
    if limit is not None:
        check_count(limit)
    name = data or model.metadata.task
    if not name:
        raise DataError(model.name, "the model names no data set", "Name one: --data NAME or --data FILE.npz")
    if name.endswith(".npz"):
        return file_samples(model, Path(name), limit)
    return dataset_samples(model, name, split, limit)


def check_count(count: int) -> None:
    if not 1 <= count <= MAX_SAMPLES:
        raise DataError("samples", f"{count} is outside 1..{MAX_SAMPLES}", "Give a number in that range")
