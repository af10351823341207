"""What a search asks, in a form that a worker process can be given."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import edgesnn
from edgesnn.choice import Choice, choose_board
from edgesnn.compression.record import fingerprint
from edgesnn.compression.source import Source, find_source
from edgesnn.fit.bounds import Bounds
from edgesnn.fit.space import Configuration, Space, space_of
from edgesnn.integer import Model
from edgesnn.target import Board, Target
from edgesnn.train import data
from edgesnn.train.data import Split
from edgesnn.train.recipe import Recipe


@dataclass(frozen=True)
class Task:
    """One question. model: a zoo name or a job's file. bounds: with the board's own. folder: where what was measured
    is kept. data: a data set or .npz file instead of the model's. epochs, limit: of fine-tuning; validation: samples
    that accuracies are measured on. axes: wanted values by axis. threads: of one trial."""

    model: str
    target: str
    board: str
    bounds: Bounds
    folder: Path
    data: str | None = None
    epochs: int = 1
    limit: int = 6000
    validation: int = 2000
    seed: int = 0
    axes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    threads: int = 1


@dataclass(frozen=True)
class Subject:
    """What a task names: the trained network, its data, how to fine-tune it, where it shall run, what may change."""

    source: Source
    training: Recipe
    fit: Split
    validation: Split
    place: Target
    board: Board
    space: Space

    def choice(self, model: Model) -> Choice:
        return Choice(model, f"{model.name}, a trial", self.place, self.board, None)


@functools.lru_cache(maxsize=2)
def subject(task: Task) -> Subject:
    """Loaded once a process. Raises whatever is wrong with the task's names and files."""
    source = find_source(task.model)
    training = source.training
    if task.data is not None:
        training = dataclasses.replace(training, dataset=task.data)
    training = dataclasses.replace(training, epochs=task.epochs, limit=task.limit)
    fit, validation = data.splits(training.dataset, task.limit, source.metadata.front_end)
    training = dataclasses.replace(training, batch=min(training.batch, len(fit)))
    place, board, _ = choose_board(task.target, task.board, None)
    space = space_of(source.network, dict(task.axes))
    return Subject(source, training, fit, validation.first(task.validation), place, board, space)


def identity(task: Task, found: Subject) -> str:
    """A digest of all that a trial's figures depend on; bounds are not among it, they only judge."""
    training, samples = found.training.to_dict(), [_digest(found.fit), _digest(found.validation)]
    place = (edgesnn.__version__, task.target, task.board)  # another version may build other programs
    return fingerprint(found.source.network, place, training, task.seed, samples)


def key_of(configuration: Configuration) -> str:
    """A file name for a configuration."""
    return "-".join(f"{axis}{value}" for axis, value in sorted(configuration.items())) or "present"


def question(task: Task, found: Subject) -> str:
    """A digest of the whole question: another one is another study."""
    asked: Mapping[str, object] = {
        "identity": identity(task, found),
        "bounds": dataclasses.asdict(task.bounds),
        "choices": {axis: list(values) for axis, values in found.space.choices.items()},
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _digest(split: Split) -> str:
    content = hashlib.sha256(split.samples.contiguous().numpy().tobytes())
    content.update(split.labels.contiguous().numpy().tobytes())
    return content.hexdigest()
