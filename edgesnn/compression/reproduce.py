"""A compressed network from the beginning: training as its job says, then the stages that were carried out on it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from edgesnn.compression.api import compress
from edgesnn.compression.compress import Compressed
from edgesnn.compression.inputs import GIVEN
from edgesnn.compression.recipe import CompressionRecipe
from edgesnn.errors import ConfigError
from edgesnn.progress import Progress, silent
from edgesnn.train.job import Job

RECORDED = ("run", "outcome")
"""Keys of a stage's table that say what became of it, not what it is."""


def reproduce(
    job: Job, folder: Path, epochs: int | None = None, limit: int | None = None, seed: int | None = None,
    progress: Progress = silent, tell: Callable[[str], None] | None = None,
) -> Compressed:  # fmt: skip
    """Trains NAME_base, then runs the recipes that led to the job's network, one after the other; resumes both.

    epochs, limit, seed: of every training stage, in place of the recorded ones; the job brings the base's own.
    Raises what training and `edgesnn.compress` raise.
    """
    base = dataclasses.replace(job, stages=()).after(f"{job.name}_base", [])
    base.run(folder, progress, tell)
    source, done = folder / f"{base.name}.json", None
    runs = list(recorded_runs(job.stages))
    for number, (run, stages) in enumerate(runs, 1):
        name = job.name if number == len(runs) else f"{base.name}_{number}"
        recipe = CompressionRecipe.of(str(run.get("recipe", job.name)), {"stages": stages})
        done = compress(
            source, recipe, data_of(job, run), folder, name, run.get("seed") if seed is None else seed,
            limit or run.get("samples"), epochs, progress=progress, tell=tell,
        )  # fmt: skip
        source = folder / f"{done.name}.json"
    if done is None:
        raise ConfigError(job.name, "has no stages", "Use `edgesnn train`")
    return done


def data_of(job: Job, run: Mapping[str, Any]) -> str | None:
    """What the run was given in place of the job's own data. Raises ConfigError where only a program knows."""
    if run.get("data") == GIVEN:
        raise ConfigError(job.name, "was compressed with samples that a program gave", "Run that program again")
    return run.get("data")


def recorded_runs(stages: Iterable[Mapping[str, Any]]) -> Iterable[tuple[Mapping[str, Any], list[dict[str, Any]]]]:
    """(what is known of the run, its stages as a recipe has them) for each run, in order."""
    for run, group in itertools.groupby(stages, key=lambda stage: stage.get("run", {})):
        yield run, [{key: value for key, value in stage.items() if key not in RECORDED} for stage in group]
