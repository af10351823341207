"""Learning on the device: one pass over digits, one sample at a time, from random weights; what it comes to and costs.

    python -m benchmarks.online_learning [--rules mpd-ed stbp] [--samples N] [--board mps2-an386] [--judged validation]

Each rule learns the first N samples of MNIST's training part, shrunk to 14 x 14, in a 196-64-10 network, with the
constants that `edgesnn learn --new` takes: in the generated C, built for this computer, or with --board on an emulated
board. At the end all weights, masters, thresholds, counts and decisions are compared with the reference learner's. The
learned weights are then frozen and judged by another part, which nothing was chosen by (test), or by the last 5,000 of
the training part (validation), which constants were chosen by. Instructions are counted on an emulated Cortex-M4,
twice: of the first samples of the pass, and of as many that go on with the weights it has left.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from edgesnn.curriculum import FAINT, TICKS, new_pupil
from edgesnn.integer.learning import Layer, Learner, Pupil
from edgesnn.integer.learning_section import BASELINE, RULES
from edgesnn.lessons import Lessons, lessons
from edgesnn.target import target
from edgesnn.teaching import Instructions, Stretch, Teaching, teach_session

SIZES = (196, 64, 10)
COUNTING_BOARD = "mps2-an386"
TRAINING, VALIDATION = 60_000, 5_000
LAST = 2_000
"""Samples at the end of the pass whose accuracy is told apart."""


@dataclass(frozen=True)
class Figures:
    """Of a rule. accuracy: of decisions before the label was seen, over all samples and over the last LAST; judged: of
    the frozen weights. first, after: instructions of a learned sample at the beginning of the pass and behind its end.
    """

    rule: str
    ticks: int
    samples: int
    exact: bool
    difference: str | None
    accuracy: float
    last: float
    course: tuple[Stretch, ...]
    judged: float
    updates: float
    saturated: int
    ram_bytes: int | None
    first: Instructions
    after: Instructions


def pass_of(pupil: Pupil, board: str, some: Lessons) -> tuple[Teaching, tuple[Layer, ...]]:
    """One pass over samples on a board, and the layers as it has learned them."""
    place = target("mcu")
    chosen = place.board(board)
    with (
        tempfile.TemporaryDirectory(prefix="edgesnn-") as folder,
        place.open_learner(pupil, chosen, None, Path(folder) / "build") as session,
    ):
        return teach_session(session, place.name, chosen, some, None)


def part(of: Lessons, start: int, end: int) -> Lessons:
    return replace(of, values=of.values[start:end], labels=of.labels[start:end])


def others(judged: str) -> Lessons:
    """Samples that are not learned: the test part, or the last of the training part."""
    if judged == "test":
        return lessons("mnist", "test", 10_000, SIZES[0])
    return part(lessons("mnist", "train", TRAINING, SIZES[0]), TRAINING - VALIDATION, TRAINING)


def accuracy(learner: Learner, some: Lessons) -> float:
    """Of frozen weights."""
    samples = some.samples(learner.learning.rule, learner.ticks, faintest=FAINT)
    right = [int(learner.infer(sample) == label) for sample, label in zip(samples, some.labels.tolist(), strict=True)]
    return sum(right) / len(right)


def figures(rule: str, board: str, count: int, counted: int, judged: str, seed: int) -> Figures:
    every = lessons("mnist", "train", count + counted, SIZES[0])
    learned, further = part(every, 0, count), part(every, count, count + counted)
    pupil = new_pupil(SIZES, rule, {}, learned.samples(rule, TICKS[rule], faintest=FAINT), seed)
    taught, layers = pass_of(pupil, board, learned)
    beginning, _ = pass_of(pupil, COUNTING_BOARD, part(learned, 0, counted))
    afterwards = replace(pupil, layers=layers)
    going_on, _ = pass_of(afterwards, COUNTING_BOARD, further)
    assert beginning.instructions is not None and going_on.instructions is not None  # that board counts
    ends = [stretch for stretch in taught.course if stretch.samples > count - LAST]
    return Figures(
        rule, pupil.ticks, count, all(one.exact for one in (taught, beginning, going_on)),
        taught.difference or beginning.difference or going_on.difference, taught.accuracy,
        sum(stretch.accuracy for stretch in ends) / len(ends), taught.course,
        accuracy(afterwards.learner(), others(judged)), taught.operations.updates, taught.saturated,
        beginning.ram_bytes, beginning.instructions, going_on.instructions,
    )  # fmt: skip


def told(one: Figures, judged: str) -> str:
    """A rule's figures in words."""
    course = ", ".join(f"{100 * stretch.accuracy:.0f}" for stretch in one.course)
    exact = "the same as the reference, bit for bit" if one.exact else f"NOT the reference's: {one.difference}"
    return "\n".join([
        f"{one.rule}: {one.samples:,} samples, {one.ticks} steps; {exact}",
        f"  before the label was seen {100 * one.accuracy:.2f} %, at the end {100 * one.last:.2f} % (tenths: {course})",
        f"  frozen, {judged} {100 * one.judged:.2f} %; {one.updates:,.0f} weights a sample; RAM {one.ram_bytes:,}",
        *(
            f"  instructions a sample, {when}: forward {counts.forward:,.0f}, errors {counts.backward:,.0f}, "
            f"weights {counts.update:,.0f}"
            for when, counts in (("first", one.first), ("after", one.after))
        ),
    ])  # fmt: skip


def ratios(one: Figures, baseline: Figures) -> list[str]:
    """How many times as much the baseline takes, with both terms."""
    lines = []
    for when in ("first", "after"):
        mine, its = getattr(one, when), getattr(baseline, when)
        terms = (("in all", mine.forward + mine.learning, its.forward + its.learning),
                 ("errors and weights", mine.learning, its.learning))  # fmt: skip
        lines += [
            f"{baseline.rule} / {one.rule}, {when}, {what}: {more / less:.1f} ({more:,.0f} / {less:,.0f} instructions)"
            for what, less, more in terms
        ]
    return lines


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--board", default="host", help="where the whole pass is learned")
    parser.add_argument("--counted", type=int, default=100, help="samples whose instructions are counted, twice")
    parser.add_argument("--judged", choices=("test", "validation"), default="test")
    parser.add_argument("--seed", type=int, default=0, help="of the first weights")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args(words)
    found = {}
    for rule in arguments.rules:
        found[rule] = figures(
            rule, arguments.board, arguments.samples, arguments.counted, arguments.judged, arguments.seed
        )
        print(told(found[rule], arguments.judged), flush=True)
    for rule, one in found.items():
        if BASELINE in found and rule != BASELINE:
            print("\n".join(ratios(one, found[BASELINE])), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in found.values()], indent=1) + "\n")


if __name__ == "__main__":
    main()
