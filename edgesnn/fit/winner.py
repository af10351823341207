"""The model that won, rebuilt from its file and checked once more."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edgesnn import datasets
from edgesnn.api import artifact_of
from edgesnn.budget.confidence import Estimate, proportion
from edgesnn.compare import Difference
from edgesnn.errors import TargetError
from edgesnn.files import replacing
from edgesnn.fit.bounds import Bounds, Figures, excess
from edgesnn.fit.measured import Measured, Store
from edgesnn.fit.task import Subject, Task, identity
from edgesnn.fit.trial import RUN_SAMPLES, figures_of, run_trial
from edgesnn.integer import Model, decide, file
from edgesnn.integer import run as interpret
from edgesnn.predictions import outputs_of
from edgesnn.progress import Progress, silent
from edgesnn.samples import Samples, dataset_samples
from edgesnn.verification import verify_session

VERIFIED = 20
"""Samples whose every spike and state is compared on the board."""
TESTED = 1000
SUFFIXES = (".onnx", ".pt", ".json")


@dataclass(frozen=True)
class Winner:
    """figures and accuracy are those of the second build. test: on the official test data, which no choice was made
    on; None where there is none. files: relative to the folder of the search."""

    measured: Measured
    figures: Figures
    accuracy: Estimate
    verified_samples: int
    test: Estimate | None
    test_data: str
    files: tuple[str, ...]


def rebuild(task: Task, found: Subject, measured: Measured, progress: Progress = silent) -> tuple[Measured, Path]:
    """The trial's files; where another machine measured it, it is measured here."""
    place = Store(task.folder, identity(task, found)).place(measured.point)
    if (place / f"{found.source.name}.onnx").is_file():
        return measured, place
    progress("measuring the winner here", 0, None)
    return run_trial(task, measured.point, progress), place


def check_winner(
    task: Task, found: Subject, measured: Measured, place: Path, out: Path, progress: Progress = silent
) -> Winner:
    """Builds the model's file for the board in `out`/board and holds the outcome against what was measured.

    Raises TargetError where anything differs: bounds, memory, a spike on the board, the accuracy.
    """
    model = file.load(place / f"{found.source.name}.onnx")
    raw, labels = found.validation.samples.numpy(), found.validation.labels.numpy()
    samples = Samples(model.encode(np.asarray(raw, np.int64)), labels, f"{found.training.dataset} validation")
    built, figures, first = _build(task, found, model, samples, out, progress)
    accuracy = _accuracy(model, samples, progress)
    _refuse_differences(measured, task.bounds, figures, accuracy, first)
    test = _test(model, found.training.dataset, progress)
    return Winner(
        measured,
        figures,
        accuracy,
        min(VERIFIED, len(samples)),
        None if test is None else _accuracy(model, test, progress),
        "" if test is None else test.source,
        (*copied_files(place, out, found.source.name), *built),
    )


def _build(
    task: Task, found: Subject, model: Model, samples: Samples, out: Path, progress: Progress
) -> tuple[tuple[str, ...], Figures, Difference | None]:
    """(files below out, their cost on the board, the first difference between board and interpreter)."""
    choice, few = found.choice(model), Samples(samples.x[:VERIFIED], samples.labels, samples.source)
    with artifact_of(choice, out / "board", progress) as artifact:
        found.place.flash(artifact)
        with found.place.open(artifact) as session:
            verification, _ = verify_session(session, task.target, task.board, few, progress)
            figures = figures_of(found, session, found.validation.samples[:RUN_SAMPLES].numpy())
    return tuple(f"board/{name}" for name in artifact.files), figures, verification.first


def _accuracy(model: Model, samples: Samples, progress: Progress) -> Estimate:
    outputs = outputs_of(lambda x: interpret(model, x).output, samples, progress)
    return proportion(int((decide(outputs) == samples.labels).sum()), len(samples))


def _refuse_differences(
    measured: Measured, bounds: Bounds, figures: Figures, accuracy: Estimate, first: Difference | None
) -> None:
    problems = []
    if max(excess(bounds, figures).values(), default=-1.0) > 0:
        problems.append(f"exceeds its bounds ({figures})")
    if (figures.flash_bytes, figures.ram_bytes) != (measured.figures.flash_bytes, measured.figures.ram_bytes):
        problems.append(f"takes {figures.flash_bytes} and {figures.ram_bytes} bytes, not those of the trial")
    if accuracy.value != measured.accuracy:
        problems.append(f"has an accuracy of {accuracy.value}, not {measured.accuracy}")
    if first is not None:
        problems.append(f"differs on the board: {first}")
    if problems:
        raise TargetError("the winner", f"rebuilt, it {'; it '.join(problems)}", "Search again with another --out")


def _test(model: Model, dataset: str, progress: Progress) -> Samples | None:
    if dataset not in datasets.names():
        return None
    progress("testing", 0, None)
    return dataset_samples(model, dataset, "test", TESTED)


def copied_files(place: Path, out: Path, name: str) -> Sequence[str]:
    """Model, weights and job, in the folder of the search."""
    names = [f"{name}{suffix}" for suffix in SUFFIXES if (place / f"{name}{suffix}").is_file()]
    for item in names:
        with replacing(out / item) as part:
            shutil.copyfile(place / item, part)
    return names
