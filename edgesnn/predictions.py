"""What a model says about samples, and how often it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from edgesnn.errors import DataError
from edgesnn.files import write_text
from edgesnn.integer import Array, Model, decide
from edgesnn.progress import Progress, silent
from edgesnn.records import UNSAVED
from edgesnn.samples import Samples

CHUNK = 250


@dataclass(frozen=True)
class Predictions:
    """Decisions on `samples` samples of `data`.

    accuracy: fraction of samples whose decision is the label; None without labels. confusion[label][decision] counts
    samples. outputs (samples, classes), decisions (samples,), labels (samples,) are arrays and stay out of JSON.
    """

    model: str
    target: str
    board: str
    data: str
    samples: int
    accuracy: float | None
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    outputs: Array = field(
        repr=False, compare=False, metadata=UNSAVED, default_factory=lambda: np.zeros((0, 0), np.int64)
    )
    labels: Array | None = field(repr=False, compare=False, metadata=UNSAVED, default=None)

    @property
    def decisions(self) -> Array:
        return decide(self.outputs)

    def save(self, path: Path | str) -> None:
        """CSV: index, label (empty if unknown), decision, and the integer score of every class."""
        classes = range(self.outputs.shape[1])
        lines = ["index,label,decision," + ",".join(f"score_{i}" for i in classes)]
        for index, (scores, decision) in enumerate(zip(self.outputs, self.decisions, strict=True)):
            label = "" if self.labels is None else str(self.labels[index])
            lines.append(f"{index},{label},{decision}," + ",".join(map(str, scores)))
        write_text(path, "\n".join(lines) + "\n")


def outputs_of(runner: Callable[[Array], Array], samples: Samples, progress: Progress = silent) -> Array:
    """Outputs (samples, classes) of `runner`, which takes x (samples, T, *input shape), in portions."""
    outputs = []
    for start in range(0, len(samples), CHUNK):
        progress("run", start, len(samples))
        outputs.append(runner(samples.x[start : start + CHUNK]))
    progress("run", len(samples), len(samples))
    return np.concatenate(outputs)


def judge(scores: Array, model: Model, target: str, board: str, samples: Samples) -> Predictions:
    """Decisions by the outputs (samples, classes), held against the labels."""
    classes = model.metadata.classes or tuple(str(i) for i in range(scores.shape[1]))
    right, confusion = None, np.zeros((0, 0), np.int64)
    if samples.labels is not None:
        confusion = confusion_matrix(samples.labels, decide(scores), len(classes), model.name)
        right = float(np.trace(confusion)) / len(samples)
    return Predictions(
        model=model.name,
        target=target,
        board=board,
        data=samples.source,
        samples=len(samples),
        accuracy=right,
        classes=classes,
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        outputs=scores,
        labels=samples.labels,
    )


def confusion_matrix(labels: Array, decisions: Array, classes: int, where: str) -> Array:
    """counts[label, decision]. Raises DataError where a label is no class of the model."""
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise DataError(
            where, f"labels from {labels.min()} to {labels.max()} for {classes} classes", "Give the data of its task"
        )
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, decisions), 1)
    return counts
