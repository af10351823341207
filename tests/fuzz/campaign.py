"""Many random models through many executors, in parallel, each repeatable from its seed and number."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from edgesnn.integer import Array, Model, run
from tests.fuzz.executors import EXECUTORS
from tests.fuzz.generate import random_model, samples_for
from tests.fuzz.loihi import random_loihi_model
from tests.fuzz.source import Seeded, Source
from tests.fuzz.spike_times import random_spike_time_model
from tests.fuzz.ternary import random_ternary_model

LOIHI_EVERY = TERNARY_EVERY = 5
"""One model in so many is made of Loihi's stock neurons, and one is ternary: other random models rarely are."""
SPIKE_TIMES_EVERY = 10
"""One in so many is made of neurons that fire once, which others do not have."""


@dataclass(frozen=True)
class Outcome:
    """What became of one model: by executor None (exact), or the rules by which it was refused; or a difference."""

    number: int
    kinds: tuple[str, ...]
    exact: tuple[str, ...]
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: tuple[str, str] | None = None


def make(seed: int, number: int) -> tuple[Model, Array]:
    """The model of that number and samples for it."""
    source = Seeded(seed, number)
    model = kind_of(number)(source, f"fuzz{number}")
    return model, samples_for(model, source)


def kind_of(number: int) -> Callable[[Source, str], Model]:
    if number % LOIHI_EVERY == LOIHI_EVERY - 1:
        return random_loihi_model
    if number % SPIKE_TIMES_EVERY == 3:
        return random_spike_time_model
    return random_ternary_model if number % TERNARY_EVERY == 1 else random_model


def examine(seed: int, number: int, names: Sequence[str]) -> Outcome:
    """Runs one model through executors, up to the first difference."""
    model, x = make(seed, number)
    expected = run(model, x, record=[node.name for node in model.nodes])
    kinds = tuple(node.op.kind for node in model.nodes)
    exact: list[str] = []
    refused: dict[str, tuple[str, ...]] = {}
    for name in names:
        executor = EXECUTORS[name]
        if number % executor.every:
            continue
        rules = executor.refusals(model)
        if rules:
            refused[name] = tuple(sorted(set(rules)))
            continue
        with tempfile.TemporaryDirectory(prefix="edgesnn-fuzz-") as folder:
            problem = _problem(executor.difference, model, x, expected, Path(folder))
        if problem:
            return Outcome(number, kinds, tuple(exact), refused, (name, problem))
        exact.append(name)
    return Outcome(number, kinds, tuple(exact), refused)


def _problem(difference, *arguments) -> str | None:  # type: ignore[no-untyped-def]
    """The difference, or the error that kept the executor from finding one: either is a failure."""
    try:
        found: str | None = difference(*arguments)
    except Exception as error:  # whatever an executor raises ends the campaign with a saved model, not with a trace
        return f"{type(error).__name__}: {error}"
    return found


def outcomes(seed: int, numbers: range, names: Sequence[str], jobs: int | None = None) -> Iterator[Outcome]:
    """Outcomes as they come, from two processes a processor: half the time goes into waiting for emulators."""
    jobs = jobs or 2 * (os.cpu_count() or 1)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: set[Future[Outcome]] = set()
        upcoming = iter(numbers)
        while True:
            for number in upcoming:
                waiting.add(pool.submit(examine, seed, number, names))
                if len(waiting) >= 2 * jobs:
                    break
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda each: each.result().number):
                yield future.result()


@dataclass
class Summary:
    """Counts by executor, and of operators."""

    models: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    refused: dict[str, Counter[str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.models += 1
        self.kinds.update(outcome.kinds)
        self.exact.update(outcome.exact)
        for name, rules in outcome.refused.items():
            self.refused.setdefault(name, Counter()).update(rules)
            self.refusals[name] += 1
