"""What a search found, as text."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from edgesnn.budget.confidence import Estimate
from edgesnn.fit import words
from edgesnn.fit.bounds import FIGURES, NAMES
from edgesnn.fit.measured import Measured
from edgesnn.fit.result import Fit
from edgesnn.fit.winner import Winner
from edgesnn.report import format as fmt
from edgesnn.report.tables import show, table


def fit(result: Fit) -> Callable[[Console], None]:
    def printer(console: Console) -> None:
        console.print(f"{result.model} on {result.target}/{result.board}; bounds: {words.bounds(result.bounds)}")
        console.print(f"fine-tuning: {result.fine_tuning}")
        for axis, reason in result.fixed.items():
            console.print(f"not searched: {words.AXIS_TITLES[axis]}, because {reason}")
        show(console, table(columns(result), [row(result, item) for item in ordered(result)], columns(result)[1:]))
        for line in energies(result):
            console.print(line)
        for line in verdict(result):
            console.print(line)

    return printer


def energies(result: Fit) -> list[str]:
    """Which kind of figure the energies are."""
    kinds = {(item.figures.energy_label, item.figures.energy_table) for item in result.measured}
    return [f"energy: {label} ({source})" for label, source in sorted(kinds) if label]


def columns(result: Fit) -> tuple[str, ...]:
    return ("", *(words.AXIS_TITLES[axis] for axis in result.space), "accuracy", *(NAMES[name] for name in FIGURES))


def row(result: Fit, item: Measured) -> tuple[str, ...]:
    """Cells of one configuration; its figures are None where it was not run."""
    told = item.refused is None
    return (
        mark(result, item),
        *(words.axis(axis, item.point[axis]) for axis in result.space),
        fmt.percent(item.accuracy),
        *(words.SHOWN[name](getattr(item.figures, name)) if told else fmt.UNKNOWN for name in FIGURES),
    )


def mark(result: Fit, item: Measured) -> str:
    if result.winner is not None and item.configuration == result.winner.measured.configuration:
        return "best"
    if item.refused is not None:
        return "refused"
    fits = "fits" if item.fits(result.bounds) else "too large"
    return f"{fits}, front" if item in result.front else fits


def ordered(result: Fit) -> list[Measured]:
    """What fits first, the most accurate first."""
    return sorted(result.measured, key=lambda item: (not item.fits(result.bounds), -(item.accuracy or -1.0)))


def verdict(result: Fit) -> list[str]:
    """What was found, or by how much everything misses."""
    front = f"front: accuracy against {', '.join(NAMES[name] for name in result.objectives)}"
    if result.winner is not None:
        return [*won(result.winner), f"{front}; {result.folder / 'pareto.html'}"]
    if result.nearest is None:
        reasons = sorted({item.refused or "" for item in result.measured})
        return ["nothing fits: the board refuses every configuration", *reasons]
    missed = words.misses(result.nearest, result.bounds)
    return [f"nothing fits; nearest: {words.configuration(result.nearest.point)}: {missed}", "no file was written"]


def won(winner: Winner) -> list[str]:
    lines = [
        f"best: {words.configuration(winner.measured.point)}: {words.figures(winner.figures)}",
        f"rebuilt and checked: it fits, {winner.verified_samples} samples are exact on the board, validation accuracy "
        f"{estimate(winner.accuracy)}",
    ]
    if winner.test is not None:
        lines.append(f"accuracy on {winner.test_data}, which nothing was chosen by: {estimate(winner.test)}")
    return [*lines, f"files: {', '.join(winner.files[:3])}, ..."]


def estimate(found: Estimate) -> str:
    interval = "" if found.low is None else f" [{fmt.percent(found.low)}, {fmt.percent(found.high)}]"
    return f"{fmt.percent(found.value)}{interval} of {found.samples:,}"
