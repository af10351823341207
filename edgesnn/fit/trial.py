"""One trial: compress, build, fine-tune, build again, and measure on the board."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from edgesnn import structure
from edgesnn.activity import activity
from edgesnn.api import session_of
from edgesnn.compression.recipe import stage_table
from edgesnn.compression.stages import Stage
from edgesnn.compression.work import Work
from edgesnn.energy import estimates
from edgesnn.errors import EdgesnnError, LoweringError, ModelError, UnsupportedModelError
from edgesnn.fit.bounds import Figures
from edgesnn.fit.measured import Measured, Store
from edgesnn.fit.space import Configuration
from edgesnn.fit.stages import structural, tuning
from edgesnn.fit.task import Subject, Task, identity, subject
from edgesnn.integer import Array, Model
from edgesnn.lower import lower
from edgesnn.progress import Progress, silent
from edgesnn.structure.copying import copied
from edgesnn.target import Energy, Session
from edgesnn.train.loop import evaluate

RUN_SAMPLES = 10
"""Validation samples that the board runs; instructions are exact, so a mean of few is enough."""
REFUSALS = (LoweringError, ModelError, UnsupportedModelError)


def run_trial(task: Task, configuration: Configuration, progress: Progress = silent) -> Measured:
    """Measures a configuration and keeps what it gave. A configuration whose memory alone exceeds the bounds is built
    and weighed, but not trained: its accuracy stays unknown."""
    with _threads_of(task):
        return _run_trial(task, configuration, progress)


@contextlib.contextmanager
def _threads_of(task: Task) -> Iterator[None]:
    """Torch computes with a trial's threads, and afterwards with as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(task.threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _run_trial(task: Task, configuration: Configuration, progress: Progress) -> Measured:
    found = subject(task)
    work = new_work(task, found, progress)
    stages = structural(work.network, found.space, configuration)
    try:
        measured = _measure(task, found, work, stages, configuration)
    except REFUSALS as error:
        measured = Measured(tuple(configuration.items()), Figures(), None, 0, str(error))
    Store(task.folder, identity(task, found)).save(measured)
    return measured


def new_work(task: Task, found: Subject, progress: Progress) -> Work:
    network = copied(found.source.network)
    return Work(
        found.source.name, network, found.source.network, found.fit, found.validation, found.training,
        found.training.dataset, found.source.metadata, seed=task.seed, progress=progress,
    )  # fmt: skip


def _measure(task: Task, found: Subject, work: Work, stages: list[Stage], configuration: Configuration) -> Measured:
    done = [stage_outcome(stage, work) for stage in stages]
    point = tuple(configuration.items())
    figures = weigh(found, lowered(work), found.validation.samples[:1].numpy())
    weighed = Measured(point, Figures(figures.flash_bytes, figures.ram_bytes), None, 0)
    if weighed.answers(task.bounds):
        return weighed
    done += [stage_outcome(stage, work) for stage in (tuning(task.epochs) if stages else [])]
    job = found.source.job
    if job is not None:
        job = job.after(found.source.name, done)
        work.metadata = job.metadata
    model = lowered(work)
    measured = Measured(
        point,
        weigh(found, model, found.validation.samples[:RUN_SAMPLES].numpy()),
        evaluate(work.network, found.validation),
        len(found.validation),
    )
    if job is not None:
        job.write(work.network, model, Store(task.folder, identity(task, found)).place(configuration))
    return measured


def stage_outcome(stage: Stage, work: Work) -> dict[str, object]:
    """Runs a stage; returns its table with what it changed, as a job records it."""
    outcome = stage.run(work)
    run = {"recipe": "fit", "samples": len(work.fit), "seed": work.seed}
    return {**stage_table(stage), "run": run, "outcome": structure.write(outcome.changes)}


def lowered(work: Work) -> Model:
    """Raises LoweringError also where a layer's gain fits no integer multiplier."""
    network: nn.Module = work.network
    try:
        return lower(network, work.name, work.metadata)
    except ValueError as error:
        raise LoweringError(work.name, str(error), "Use other bits") from None


def weigh(found: Subject, model: Model, raw: Array) -> Figures:
    """Builds the model for the board and runs raw samples on it. Raises UnsupportedModelError where it is refused."""
    with session_of(found.choice(model)) as session:
        return figures_of(found, session, raw)


def figures_of(found: Subject, session: Session, raw: Array) -> Figures:
    """What running raw samples costs on a board."""
    model = session.model
    x = model.encode(np.asarray(raw, np.int64))
    cost = session.cost(x, cycles=False)
    energy = estimates(cost, activity(model, x), found.place.name, found.board)[0]
    return Figures(cost.flash_bytes, cost.ram_bytes, cost.instructions, energy_uj(energy), energy.label, energy.table)


def energy_uj(energy: Energy) -> float:
    if energy.unit != "uJ":
        raise EdgesnnError(energy.table, f"gives {energy.unit}, not microjoules", "Report this table")
    return energy.value
