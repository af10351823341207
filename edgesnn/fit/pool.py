"""Trials in this process, or in several at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from edgesnn.fit.measured import Measured
from edgesnn.fit.space import Configuration
from edgesnn.fit.task import Task
from edgesnn.progress import Progress

Submit = Callable[[Task, Configuration], "Future[Measured]"]


@contextlib.contextmanager
def pool(jobs: int, progress: Progress) -> Iterator[Submit]:
    """What starts a trial. One job runs here and now, and shows how its training goes; several run in processes that
    are fresh, since a fork would copy torch's threads. All of them end with the block."""
    if jobs == 1:
        yield lambda task, configuration: _at_once(task, configuration, progress)
        return
    executor = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield lambda task, configuration: executor.submit(_run, task, configuration)
    except BaseException:
        for process in list((executor._processes or {}).values()):
            process.terminate()  # a trial takes minutes: nobody waits for it once the search is given up
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


def _at_once(task: Task, configuration: Configuration, progress: Progress) -> Future[Measured]:
    from edgesnn.fit.trial import run_trial

    done: Future[Any] = Future()
    try:
        done.set_result(run_trial(task, configuration, progress))
    except Exception as error:  # whoever asks for the result gets it, as from another process
        done.set_exception(error)
    return done


def _run(task: Task, configuration: Configuration) -> Measured:
    from edgesnn.fit.trial import run_trial

    return run_trial(task, configuration)
