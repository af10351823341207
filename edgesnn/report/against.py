"""A rule that learned held against the baseline: both terms of every ratio beside it."""

from __future__ import annotations

from edgesnn.report import format as fmt
from edgesnn.teaching import Teaching


def columns(teaching: Teaching, baseline: Teaching) -> tuple[str, ...]:
    return ("a sample, on average", teaching.rule, baseline.rule, f"{baseline.rule} / {teaching.rule}")


def rows(teaching: Teaching, baseline: Teaching) -> list[tuple[str, ...]]:
    """Cells; ratios of instructions only, which are what learning is held against the baseline by."""
    both = (teaching, baseline)
    found = [
        ("accuracy before each label was seen", *(fmt.percent(one.accuracy) for one in both), ""),
        ("accuracy of the last stretch", *(fmt.percent(one.course[-1].accuracy) for one in both), ""),
        ("time steps", *(f"{one.ticks:,}" for one in both), ""),
    ]
    mine, its, ratios = teaching.instructions, baseline.instructions, teaching.ratios
    if mine is not None and its is not None and ratios is not None:
        found += [
            ("instructions, forward", fmt.count(mine.forward), fmt.count(its.forward), ""),
            ("instructions, errors and weights", fmt.count(mine.learning), fmt.count(its.learning),
             f"{ratios.learning:.2f}"),
            ("instructions, in all", fmt.count(mine.whole), fmt.count(its.whole), f"{ratios.whole:.2f}"),
        ]  # fmt: skip
    return [
        *found,
        ("weights updated", *(fmt.count(one.operations.updates) for one in both), ""),
        ("RAM", *(fmt.size(one.ram_bytes) for one in both), ""),
        ("exact", *(fmt.yes(one.exact) for one in both), ""),
    ]


def remarks(teaching: Teaching, baseline: Teaching) -> list[str]:
    """What has to be known of the comparison to believe it."""
    found = [
        f"{baseline.rule} was taught the same {baseline.samples:,} samples in the same order, in a program of its own"
    ]
    if teaching.ticks != baseline.ticks:
        found.append(
            f"time steps are not equal: {teaching.ticks} of {teaching.rule}, {baseline.ticks} of {baseline.rule}; the "
            "ratios are of a sample"
        )
    if teaching.ratios is None:
        found.append("instructions are not counted on this board: no ratio")
    if not baseline.exact:
        found.append(f"{baseline.rule} is DIFFERENT from its reference learner: {baseline.difference}")
    return found
