"""What compression did, stage by stage, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from edgesnn.report import format as fmt
from edgesnn.report.tables import show, table
from edgesnn.report.text import Printer

if TYPE_CHECKING:
    from edgesnn.compression.compress import Compressed
    from edgesnn.compression.measure import Measurement

COLUMNS = (
    "stage", "accuracy", "weights", "parameters", "states", "synaptic ops", "spikes", "bits a spike", "bits a weight",
)  # fmt: skip
RIGHT = frozenset(COLUMNS[1:])


def compressed(done: Compressed) -> Printer:
    """A line a stage, what it did below the table, and how it compares with the start."""

    def printer(console: Console) -> None:
        rows = [row("as it was", done.start)]
        rows += [row(f"{number}. {item.stage}", item.measurement) for number, item in enumerate(done.stages, 1)]
        console.print(f"{done.source}, recipe {done.recipe}; accuracy on {done.start.samples:,} validation samples")
        show(console, table(COLUMNS, rows, RIGHT))
        for number, item in enumerate(done.stages, 1):
            if item.notes:
                console.print(f"{number}. {'; '.join(item.notes)}")
        console.print(comparison(done))
        if done.folder:
            console.print(f"model: {done.folder / done.files[0]}")

    return printer


def row(stage: str, found: Measurement | None) -> tuple[str, ...]:
    """The cells of one network; a stage that changes none has its name only."""
    if found is None:
        return (stage, *("",) * (len(COLUMNS) - 1))
    return (
        stage,
        fmt.percent(found.accuracy),
        fmt.size(found.weight_bytes),
        fmt.size(found.parameter_bytes),
        fmt.size(found.state_bytes),
        fmt.count(found.synaptic_ops),
        fmt.count(found.spikes),
        f"{found.spike_entropy:.3f}",
        f"{found.weight_entropy:.3f}",
    )


def comparison(done: Compressed) -> str:
    """The end beside the start, in one sentence."""
    start, end = done.start, done.end
    points = 100 * (end.accuracy - start.accuracy)
    before = start.weight_bytes + start.parameter_bytes + start.state_bytes
    after = end.weight_bytes + end.parameter_bytes + end.state_bytes
    operations = fmt.percent(end.synaptic_ops / start.synaptic_ops) if start.synaptic_ops else fmt.UNKNOWN
    return (
        f"{points:+.2f} points of accuracy, {fmt.percent(after / before)} of the bytes, {operations} of the operations"
    )


def recipe_list(summaries: Mapping[str, str], naming: str) -> Printer:
    """The recipes, and how they are named."""

    def printer(console: Console) -> None:
        show(console, table(("recipe", "what it does"), list(summaries.items())))
        console.print()
        console.print(naming)

    return printer
