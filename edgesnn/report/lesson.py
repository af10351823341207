"""The HTML page of a device that learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from edgesnn.energy import Table
from edgesnn.report import against, plots
from edgesnn.report import format as fmt
from edgesnn.report.frame import Plot, arranged, known_tables, plots_of, rendered
from edgesnn.report.plots.style import Figure
from edgesnn.report.taught import figures, verdict
from edgesnn.teaching import Teaching

UNCOUNTED = "instructions are not counted on this board"
ROWS = ([["accuracy"]], [["split"], ["spread"]], [["course"]], [["operations"], ["traffic"]], [["memory"], ["against"]])


def page(teaching: Teaching) -> str:
    """Accuracy, cost, operations and memory, and the verdict."""
    shown = plots_of("t", figures_of(teaching))
    return rendered(
        "lesson.html.j2",
        shown.values(),
        tables_of(teaching),
        item=teaching,
        verdict=verdict(teaching),
        facts=facts(teaching),
        plots=list(shown.values()),
        rows=arranged(shown, rows_of(shown)),
        figures_told=figures(teaching),
        against=held_against(teaching),
    )


def rows_of(shown: Mapping[str, Plot]) -> list[list[list[str]]]:
    """Rows of columns of the plots that there may be."""
    return [[[kind for kind in column if kind in shown] for column in row] for row in ROWS]


def figures_of(teaching: Teaching) -> dict[str, tuple[str, str, Figure | None]]:
    """(title, why there may be none, figure) by kind."""
    cost = plots.learning_cost
    found = {
        "accuracy": ("Accuracy before each label was seen", "no sample was taught", plots.accuracy(teaching)),
        "split": ("A learned sample, on average", UNCOUNTED, cost.split(teaching)),
        "spread": ("From sample to sample", UNCOUNTED, cost.spread(teaching)),
        "course": ("Sample by sample", UNCOUNTED, cost.course(teaching)),
        "operations": ("Operations of a sample, on average", "not counted", plots.operations(teaching)),
        "traffic": ("Bytes of a sample, on average", "not counted on this target", plots.traffic(teaching)),
        "memory": ("Memory", "this target reports none", plots.learning_memory(teaching)),
    }
    if teaching.against is not None:
        found["against"] = (f"Against {teaching.against.rule}", UNCOUNTED, cost.against(teaching))
    return found


def held_against(teaching: Teaching) -> dict[str, Any] | None:
    """The table of the rule and the baseline, if there is one."""
    baseline = teaching.against
    if baseline is None:
        return None
    return {
        "title": f"Against {baseline.rule}",
        "columns": against.columns(teaching, baseline),
        "rows": against.rows(teaching, baseline),
        "remarks": against.remarks(teaching, baseline),
    }


def facts(teaching: Teaching) -> list[tuple[str, str, str]]:
    """(name, figure, remark) of the headline figures."""
    last, instructions, energy = teaching.course[-1], teaching.instructions, teaching.energy
    found = [
        ("accuracy", fmt.percent(teaching.accuracy), f"{teaching.samples:,} samples, {teaching.data}"),
        ("accuracy, at the end", fmt.percent(last.accuracy), "of the last stretch"),
        ("learned", f"{teaching.learned:,}", f"{teaching.overruns:,} had too many spikes"),
        ("weights updated", fmt.count(teaching.operations.updates), "a sample, on average"),
        ("RAM", fmt.size(teaching.ram_bytes), f"{fmt.size(teaching.learner_bytes)} weights, spikes and errors"),
    ]
    if instructions is not None:
        whole = instructions.forward + instructions.learning
        found.append(("instructions", fmt.count(whole), f"a sample; {fmt.count(instructions.learning)} of learning"))
    if energy is not None:
        parts = [part for part in (energy.forward, energy.backward, energy.update) if part is not None]
        mean = replace(energy.forward, value=sum(part.value for part in parts))
        found.append(("energy", fmt.joules(mean), f"a sample, {mean.label}, {mean.table}"))
    return found


def tables_of(teaching: Teaching) -> list[Table]:
    return known_tables([] if teaching.energy is None else [teaching.energy.forward.table])
