"""Labelled samples for a network that learns: images, or values in a file, as spike times."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from edgesnn import datasets
from edgesnn.errors import DataError
from edgesnn.integer import Array
from edgesnn.integer.learning.layers import BRIGHTEST, FAINTEST, usual_latency
from edgesnn.learn.coding import shrunk, spiking, trains
from edgesnn.target import nearest


@dataclass(frozen=True)
class Lessons:
    """values (samples, inputs) of 0..255, labels (samples,), and where they come from, in words."""

    values: Array
    labels: Array
    source: str

    def __len__(self) -> int:
        return len(self.values)

    def after(self, skipped: int) -> Lessons:
        """Without the first ones."""
        return replace(self, values=self.values[skipped:], labels=self.labels[skipped:])

    def samples(self, rule: str, ticks: int, latency: int = 0, faintest: int = FAINTEST) -> list[Array]:
        """As a learner of that rule takes them, the brighter a value the earlier its one spike, and none below the
        faintest, within the first `latency` ticks (0: all, or half of them for stdbp): spike trains (ticks, inputs), or
        for stdbp the tick of each input's spike."""
        span = latency or usual_latency(ticks, rule == "stdbp")
        times = spiking(self.values, span, ticks, faintest)
        return list(times if rule == "stdbp" else trains(times, ticks))


def lessons(data: str, split: str, limit: int, inputs: int) -> Lessons:
    """The first `limit` samples of a data set of images, shrunk to `inputs` pixels, or of an .npz file.

    Raises DataError where there are none, or where they do not fit.
    """
    found = _of_file(Path(data), limit) if data.endswith(".npz") else _of_images(data, split, limit, inputs)
    if found.values.shape[1:] != (inputs,):
        raise DataError(data, f"has samples of {found.values.shape[1:]} values for {inputs} inputs", "Make them equal")
    if len(found) < limit:
        raise DataError(data, f"has {len(found)} samples, fewer than {limit}", f"Ask for --samples {len(found)}")
    return found


def _of_images(name: str, split: str, limit: int, inputs: int) -> Lessons:
    if name not in datasets.names():
        raise DataError(name, "is neither a data set nor an .npz file", nearest(name, datasets.names()))
    images, labels = datasets.load(name, split, limit)
    return Lessons(shrunk(images, inputs, name), labels, f"{name} {split}")


def _of_file(path: Path, limit: int) -> Lessons:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = {"samples", "labels"} - set(arrays)
            if missing:
                raise DataError(str(path), f"has no array `{sorted(missing)[0]}`", "Add it: learning needs both")
            values, labels = arrays["samples"][:limit], arrays["labels"][:limit]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(str(path), f"is no readable .npz file ({error})", "Write it with numpy.savez") from error
    if values.dtype.kind not in "iu" or values.ndim != 2 or labels.dtype.kind not in "iu":
        problem = f"`samples` is {values.dtype} of shape {values.shape}, `labels` {labels.dtype}"
        raise DataError(str(path), problem, "Give integers (samples, inputs) from 0 to 255, and a class a sample")
    if labels.shape != (len(values),) or (values.size and (values.min() < 0 or values.max() > BRIGHTEST)):
        raise DataError(str(path), "has values outside 0..255, or not one label a sample", "Correct it")
    return Lessons(values.astype(np.int64), labels.astype(np.int64), path.name)
