"""The search: asks, measures, tells, until enough is measured; then rebuilds the best and writes the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from optuna.trial import Trial

from edgesnn.errors import ToolError
from edgesnn.files import write_text
from edgesnn.fit import words
from edgesnn.fit.front import best, front, nearest, objectives
from edgesnn.fit.measured import Measured, Store
from edgesnn.fit.page import html
from edgesnn.fit.pool import Submit, pool
from edgesnn.fit.result import Fit
from edgesnn.fit.space import Configuration
from edgesnn.fit.study import JOURNAL, Study
from edgesnn.fit.task import Subject, Task, identity, question, subject
from edgesnn.fit.winner import check_winner, rebuild
from edgesnn.progress import Progress, silent
from edgesnn.records import to_json

Tell = Callable[[str], None]
WEIGHED = 4
RESULT, PAGE = "fit.json", "pareto.html"


def fit(
    task: Task, out: Path, trials: int, jobs: int, storage: str | None = None,
    progress: Progress = silent, tell: Tell | None = None,
) -> Fit:  # fmt: skip
    """Trains and measures up to `trials` configurations, `jobs` at a time, going on where an earlier search of this
    question in the same storage stopped. Files appear in `out` only where something fits.

    Raises what is wrong with the task's names, files and bounds, ConfigError where the storage cannot be used.
    """
    progress("loading", 0, None)
    found = subject(task)
    name = f"{found.source.name}-{task.target}-{task.board}-{question(task, found)[:12]}"
    study = Study(name, found.space, task.bounds, storage or task.folder / JOURNAL, task.seed)
    study.remember(Store(task.folder, identity(task, found)).measured(found.space, task.bounds))
    search(study, task, found, trials, jobs, progress, tell)
    return conclude(study, task, found, out, progress)


def search(
    study: Study, task: Task, found: Subject, trials: int, jobs: int, progress: Progress, tell: Tell | None
) -> None:
    """Keeps `jobs` trials going until `trials` configurations are trained and measured, or there are no others. Those
    that are only weighed take seconds and do not count, up to `WEIGHED` times as many."""
    store = Store(task.folder, identity(task, found))
    running: dict[Future[Measured], Trial] = {}
    with pool(jobs, progress) as submit:
        while True:
            while len(running) < jobs and wanted(study, trials, len(running)):
                asked = study.ask()
                if asked is None:
                    break
                running[start(submit, store, task, asked[1])] = asked[0]
            if not running:
                return
            progress(f"trials, {len(study.known())} configurations", trained(study), trials)
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                measured = answer(study, running.pop(done), done, running)
                if tell:
                    tell(f"{trained(study)} of {trials}: {words.line(measured, task.bounds)}")


def wanted(study: Study, trials: int, running: int) -> bool:
    """Whether another trial is to be started."""
    return trained(study) + running < trials and len(study.own()) + running < WEIGHED * trials


def trained(study: Study) -> int:
    """Configurations that this question had trained; what it remembers of others comes on top."""
    return sum(item.accuracy is not None for item in study.own())


def start(submit: Submit, store: Store, task: Task, configuration: Configuration) -> Future[Measured]:
    """The trial under way; what an earlier question has measured already is not measured again."""
    before = store.load(configuration)
    if before is None or not before.answers(task.bounds):
        return submit(task, configuration)
    known: Future[Measured] = Future()
    known.set_result(before)
    return known


def answer(study: Study, trial: Trial, done: Future[Measured], others: dict[Future[Measured], Trial]) -> Measured:
    """Tells the study; gives every trial under way up where this one raised."""
    try:
        measured = done.result()
        study.tell(trial, measured)
        return measured
    except BaseException as error:
        for unfinished in (trial, *others.values()):
            study.give_up(unfinished)
        if isinstance(error, BrokenProcessPool):
            remedy = "Give fewer --jobs: it may have run out of memory"
            raise ToolError("a trial", "its process ended", remedy) from None
        raise


def conclude(study: Study, task: Task, found: Subject, out: Path, progress: Progress) -> Fit:
    """The best, rebuilt and checked, and the report."""
    measured = study.known()
    names = objectives(measured, task.bounds)
    chosen, winner = best(measured, task.bounds, names), None
    if chosen is not None:
        again, place = rebuild(task, found, chosen, progress)
        measured = [again if item.configuration == again.configuration else item for item in measured]
        winner = check_winner(task, found, again, place, out, progress)
    result = Fit(
        model=found.source.name,
        target=task.target,
        board=task.board,
        bounds=task.bounds,
        data=found.training.dataset,
        fine_tuning=words.fine_tuning(task, found),
        space=dict(found.space.choices),
        fixed=dict(found.space.fixed),
        objectives=names,
        measured=tuple(measured),
        front=tuple(front(measured, names)),
        winner=winner,
        nearest=None if winner else nearest(measured, task.bounds),
        folder=out,
        files=() if winner is None else (*winner.files, RESULT, PAGE),
    )
    if winner is not None:
        write_text(out / RESULT, json.dumps(to_json(result), indent=1, allow_nan=False) + "\n")
        write_text(out / PAGE, html(result))
    return result
