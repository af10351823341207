"""A running device held against the reference interpreter: every integer it shows, equal or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from edgesnn.compare import Difference
from edgesnn.integer import Array, Model, run
from edgesnn.progress import Progress, silent
from edgesnn.samples import Samples
from edgesnn.target import Session

CHUNK = 100
MEMORY_BYTES = 1 << 28
"""At most so many samples are compared at a time, and so much memory is taken by the reference's traces of them."""


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
    session: Session, target: str, board: str, samples: Samples, progress: Progress = silent
) -> tuple[Verification, Array]:
    """Runs the samples on the device and in the interpreter and compares outputs and states, layer by layer.

    Returns what came out, and the reference's outputs (samples, classes): the device's too, if the two are equal.
    """
    model = session.model
    chunk = chunk_for(model)
    everything = [node.name for node in model.nodes]
    mismatches, first, outputs = 0, None, []
    for start in range(0, len(samples), chunk):
        progress("verify", start, len(samples))
        x = samples.x[start : start + chunk]
        expected = run(model, x, record=everything)
        differing, difference = session.first_difference(x, expected)
        outputs.append(expected.output)
        mismatches += differing
        if difference and first is None:
            first = dataclasses.replace(difference, sample=difference.sample + start)
    progress("verify", len(samples), len(samples))
    shown, sizes = session.shown(), element_counts(model)
    verification = Verification(
        model=model.name,
        target=target,
        board=board,
        exact=first is None and mismatches == 0,
        samples=len(samples),
        mismatches=mismatches,
        integers=len(samples) * (model.time_steps * sum(sizes[name] for name in shown) + model.output.size),
        steps=model.time_steps,
        data=samples.source,
        observed=shown,
        hidden=tuple(name for name in sizes if name not in shown),
        first=first,
    )
    return verification, np.concatenate(outputs)


def element_counts(model: Model) -> Mapping[str, int]:
    """All that a device could show, as "node.output" or "node.state", with its number of elements."""
    counts = {}
    for node in model.nodes:
        counts[f"{node.name}.output"] = model.signal(node.name).size
        for spec in model.states_of(node):
            counts[f"{node.name}.{spec.name}"] = int(np.prod(spec.shape, dtype=np.int64))
    return counts


def chunk_for(model: Model) -> int:
    """How many samples fit in the memory that is set aside for traces."""
    traced = 8 * model.time_steps * sum(element_counts(model).values())
    return max(1, min(CHUNK, MEMORY_BYTES // traced))
