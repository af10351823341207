"""The answers of the verbs as text; each function returns what prints it on a console."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from edgesnn.checking import Check
from edgesnn.deployment import Deployment
from edgesnn.doctor import Examination
from edgesnn.predictions import Predictions
from edgesnn.profiling import Profile
from edgesnn.report import format as fmt
from edgesnn.report.layers import LAYER_COLUMNS, LAYER_RIGHT, layer_rows
from edgesnn.report.summary import COLUMNS, RIGHT, row
from edgesnn.report.tables import heading, show, table
from edgesnn.target import Artifact
from edgesnn.verification import Verification

Printer = Callable[[Console], None]


def listing(columns: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> Printer:
    """A table, or a sentence where it would be empty."""

    def printer(console: Console) -> None:
        if rows:
            show(console, table(columns, rows))
        else:
            console.print(nothing)

    return printer


def check(checked: Check) -> Printer:
    def printer(console: Console) -> None:
        place = f"{checked.target}/{checked.board}"
        if checked.ok:
            console.print(f"{checked.model} runs exactly on {place}")
        for problem in checked.problems:
            console.print(str(problem))

    return printer


def artifact(made: Artifact) -> Printer:
    def printer(console: Console) -> None:
        console.print(f"{made.model.name} for {made.target}/{made.board.name}, in {made.folder}:")
        for name in made.files:
            console.print(f"  {name}")
        for note in made.notes:
            console.print(f"note: {note}")

    return printer


def verification(result: Verification) -> Printer:
    def printer(console: Console) -> None:
        console.print(str(result), style="green" if result.exact else "red")
        console.print(f"data: {result.data}, {result.steps} time steps a sample")
        console.print(f"compared at every step: {', '.join(result.observed) or 'nothing'}, and the final scores")
        if result.hidden:
            console.print(f"not observable on this board: {', '.join(result.hidden)}")

    return printer


def predictions(result: Predictions, saved: Path | None) -> Printer:
    def printer(console: Console) -> None:
        place = result.target if result.board == result.target else f"{result.target}/{result.board}"
        console.print(f"{result.model} on {place}: {result.samples:,} samples of {result.data}")
        if result.accuracy is not None:
            console.print(f"accuracy {fmt.percent(result.accuracy)}", style="bold")
        if saved:
            console.print(f"predictions in {saved}")

    return printer


def profile(result: Profile) -> Printer:
    def printer(console: Console) -> None:
        console.print(
            f"{result.model} on {result.target}/{result.board}, means of {result.samples} samples ({result.data})"
        )
        show(console, table(("what", "figure"), figures(result)))
        heading(console, "Per layer and inference")
        show(console, table(LAYER_COLUMNS, layer_rows(result), LAYER_RIGHT))
        for note in result.notes:
            console.print(f"note: {note}")

    return printer


def figures(result: Profile) -> list[tuple[str, str]]:
    """The figures of a whole model, with the energy of every kind on a line of its own."""
    used = f", {fmt.size(result.stack_used_bytes)} used" if result.stack_used_bytes is not None else ""
    rows = [
        ("flash", fmt.size(result.flash_bytes)),
        ("RAM", fmt.size(result.ram_bytes)),
        ("stack, worst case", f"{fmt.size(result.stack_bytes)}{used}"),
        ("file", fmt.size(result.file_bytes)),
        ("instructions", fmt.count(result.instructions)),
        *varying(result),
        ("spikes", fmt.count(result.spikes)),
        ("synaptic additions", f"{fmt.count(result.synaptic_adds)} of {fmt.count(result.dense_adds)} dense"),
    ]
    rows[5:5] = [(f"cycles, {result.cycles.label}", fmt.cycles(result.cycles))] if result.cycles else []
    return rows + [(f"energy, {figure.label}", fmt.energy(figure)) for figure in result.energies] + measured(result)


def varying(result: Profile) -> list[tuple[str, str]]:
    """How instructions and energy vary from sample to sample, their worst case, and what dense kernels would cost."""
    rows = []
    if result.spread is not None:
        rows.append(("from sample to sample", fmt.distribution(result.spread, fmt.count)))
    if result.energy_spread is not None:
        rows.append(("energy, modelled, likewise", fmt.distribution(result.energy_spread, fmt.microjoules)))
    if result.worst_case is not None:
        rows.append(
            ("instructions, worst case", f"{fmt.count(result.worst_case.instructions)}: {result.worst_case.by}")
        )
    if result.dense is not None:
        rows.append(("break-even with dense", fmt.break_even(result.dense.rate, result.dense.instructions)))
    return rows


def measured(result: Profile) -> list[tuple[str, str]]:
    """What a power meter said besides the energy, if there was one."""
    meter = result.measurement
    if meter is None:
        return []
    spent = f"{fmt.microjoules(meter.gross_uj)}, {meter.label}, baseline included"
    supply = f"{meter.voltage_v:.3f} V, {meter.voltage}"
    baseline = f"{fmt.milliamperes(meter.baseline_a)} of idle before each window, subtracted"
    return [
        ("gross energy", spent),
        ("mean current", f"{fmt.milliamperes(meter.current_a)} at {supply}, {meter.label}"),
        ("baseline", f"{baseline}, {meter.label}"),
    ]


def deployment(result: Deployment) -> Printer:
    def printer(console: Console) -> None:
        console.print(f"model: {result.reason}")
        console.print(f"board: {result.flashed}")
        verification(result.verification)(console)
        heading(console, "Per layer and inference")
        show(console, table(LAYER_COLUMNS, layer_rows(result.profile), LAYER_RIGHT))
        heading(console, "Summary")
        show(console, table(COLUMNS, [row(result)], RIGHT))
        for name, figure in varying(result.profile):
            console.print(f"{name}: {figure}")
        for note in result.notes:
            console.print(f"note: {note}")
        console.print(f"report: {Path(result.folder) / 'report.html'}")

    return printer


def combined(results: Sequence[Deployment], out: Path) -> Printer:
    def printer(console: Console) -> None:
        show(console, table(COLUMNS, [row(result) for result in results], RIGHT))
        console.print(f"report: {out}")

    return printer


def doctor(examination: Examination) -> Printer:
    def printer(console: Console) -> None:
        rows = [
            (item.area, "ok" if item.present else "MISSING" if item.needed else "optional", item.what, item.detail)
            for item in examination.findings
        ]
        show(console, table(("for", "state", "what", "version, place, or how to get it"), rows))
        missing = sum(item.needed and not item.present for item in examination.findings)
        console.print("everything needed is present" if not missing else f"{missing} missing: see the last column")

    return printer
