"""A running device held against the reference interpreter: every integer it shows, equal or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from edgesnn.compare import Difference
from edgesnn.integer import Model, Run, run
from edgesnn.progress import Progress, silent
from edgesnn.samples import Samples
from edgesnn.target import Session

CHUNK = 50
"""Samples compared at a time; bounds the memory that traces take."""


@dataclass(frozen=True)
class Verification:
    """What was compared and what came out.

    exact: every integer compared is equal. mismatches: samples with any difference; first: the earliest.
    observed: what the device shows, as "layer.output" or "layer.state", at every step. hidden: what it does not show,
    because it is fused away or never stored: not compared, except through what follows from it.
    """

    model: str
    target: str
    board: str
    exact: bool
    samples: int
    mismatches: int
    integers: int
    steps: int
    data: str
    observed: tuple[str, ...]
    hidden: tuple[str, ...]
    first: Difference | None = None

    def __str__(self) -> str:
        where = f"{self.model} on {self.target}/{self.board}"
        if self.exact:
            return f"{where}: exact, {self.samples} samples, {self.integers:,} integers equal"
        return f"{where}: {self.mismatches} of {self.samples} samples differ; first: {self.first}"


def verify_session(
    session: Session, target: str, board: str, samples: Samples, progress: Progress = silent, chunk: int = CHUNK
) -> Verification:
    """Runs the samples on the device and in the interpreter and compares outputs and states, layer by layer."""
    model = session.model
    names = session.observable()
    mismatches, first = 0, None
    for start in range(0, len(samples), chunk):
        progress("verify", start, len(samples))
        x = samples.x[start : start + chunk]
        differing, difference = session.first_difference(x, run(model, x, record=names))
        mismatches += differing
        if difference and first is None:
            first = dataclasses.replace(difference, sample=difference.sample + start)
    progress("verify", len(samples), len(samples))
    shown = session.trace(samples.x[:1], names)
    observed = tuple(observables(shown))
    return Verification(
        model=model.name,
        target=target,
        board=board,
        exact=first is None and mismatches == 0,
        samples=len(samples),
        mismatches=mismatches,
        integers=len(samples) * integers_in(shown),
        steps=model.time_steps,
        data=samples.source,
        observed=observed,
        hidden=tuple(name for name in everything(model) if name not in observed),
        first=first,
    )


def observables(shown: Run) -> Iterable[str]:
    for layer, trace in shown.traces.items():
        yield f"{layer}.output"
        yield from (f"{layer}.{state}" for state in trace.states)


def everything(model: Model) -> Iterable[str]:
    """All that a device could show: outputs and states of every node."""
    for node in model.nodes:
        yield f"{node.name}.output"
        yield from (f"{node.name}.{spec.name}" for spec in model.states_of(node))


def integers_in(shown: Run) -> int:
    """Integers compared per sample: decision scores, outputs and states at every step."""
    arrays = [shown.output]
    for trace in shown.traces.values():
        arrays += [trace.output, *trace.states.values()]
    return sum(int(array.size) for array in arrays)
