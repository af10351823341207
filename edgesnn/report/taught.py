"""What a device learned, as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from edgesnn.report import against
from edgesnn.report import format as fmt
from edgesnn.report.tables import heading, show, table
from edgesnn.switched import Switched
from edgesnn.taught import Kept
from edgesnn.teaching import Instructions, LearningEnergy, SwitchedEnergy, Teaching
from edgesnn.traffic import Traffic

PARTS = ("forward", "backward", "update")


def text(teaching: Teaching, saved: Path | None, page: Path | None = None) -> Callable[[Console], None]:
    def printer(console: Console) -> None:
        console.print(
            f"{teaching.network} by {teaching.rule} on {teaching.target}/{teaching.board}: "
            f"{teaching.samples:,} samples of {teaching.data}"
        )
        console.print(verdict(teaching), style="green" if teaching.exact else "red")
        console.print(f"accuracy before each label was seen: {fmt.percent(teaching.accuracy)}", style="bold")
        rows = [(f"to {part.samples:,}", fmt.percent(part.accuracy)) for part in teaching.course]
        show(console, table(("samples", "accuracy"), rows, ("accuracy",)))
        show(console, table(("what", "figure"), figures(teaching)))
        if teaching.resumed:
            console.print(f"went on from {teaching.resumed:,} samples that the board had stored")
        if teaching.stored:
            console.print(kept(teaching.stored))
        if teaching.against is not None:
            held_against(teaching, teaching.against, console)
        if saved:
            console.print(f"what was learned is in {saved}")
        if page:
            console.print(f"report: {page}")

    return printer


def kept(stored: Kept) -> str:
    """What the board has in flash."""
    return f"stored on the board: {stored.bytes:,} bytes, network {stored.network:#010x}, number {stored.sequence}"


def held_against(teaching: Teaching, baseline: Teaching, console: Console) -> None:
    columns = against.columns(teaching, baseline)
    heading(console, f"Against {baseline.rule}")
    show(console, table(columns, against.rows(teaching, baseline), columns[1:]))
    for remark in against.remarks(teaching, baseline):
        console.print(f"note: {remark}")


def verdict(teaching: Teaching) -> str:
    if teaching.exact:
        return "exact: weights, masters, thresholds, counts and decisions are those of the reference learner"
    return f"DIFFERENT from the reference learner: {teaching.difference}"


def figures(teaching: Teaching) -> list[tuple[str, str]]:
    """The figures of a sample, then those of the whole."""
    operations = teaching.operations
    rows = [
        ("synaptic additions a sample", fmt.count(operations.adds)),
        ("multiplications", fmt.count(operations.multiplies)),
        ("reciprocals", fmt.count(operations.reciprocals)),
        ("weights updated", fmt.count(operations.updates)),
        *counted(teaching.instructions, teaching.energy),
        *varying(teaching),
        *without(teaching.switched, teaching.switched_energy),
        *moved(teaching.traffic),
        ("flash", fmt.size(teaching.flash_bytes)),
        ("RAM", fmt.size(teaching.ram_bytes)),
        ("of it weights, spikes and errors", fmt.size(teaching.learner_bytes)),
        ("stack, worst case", fmt.size(teaching.stack_bytes)),
    ]
    if teaching.overruns:
        rows.append(("not learned: too many spikes", f"{teaching.overruns:,} samples"))
    if teaching.saturated:
        rows.append(("errors and weights at their limits", f"{teaching.saturated:,}"))
    return rows


def varying(teaching: Teaching) -> list[tuple[str, str]]:
    """How a learned sample's cost varies from sample to sample."""
    rows = []
    if teaching.spread is not None:
        rows.append(("instructions, from sample to sample", fmt.distribution(teaching.spread.whole, fmt.count)))
    if teaching.energy_spread is not None:
        rows.append(("energy, modelled, likewise", fmt.distribution(teaching.energy_spread, fmt.microjoules)))
    return rows


def without(cost: Switched | None, energy: SwitchedEnergy | None) -> list[tuple[str, str]]:
    """The same samples with learning on and off."""
    if cost is None:
        return []
    rows = [
        ("instructions, learning on", fmt.count(cost.on)),
        ("the same samples, learning off", f"{fmt.count(cost.off)}, first weights, {fmt.percent(cost.accuracy)} right"),
        ("difference", f"{fmt.count(cost.difference)}, of which {cost.drift:+,.0f} in the forward pass"),
    ]
    if energy is not None:
        named = (("learning on", energy.on), ("learning off", energy.off), ("difference", energy.difference))
        rows += [(f"energy, {name}, {figure.label}", fmt.energy(figure)) for name, figure in named]
    return rows


def moved(traffic: Traffic | None) -> list[tuple[str, str]]:
    """Bytes that learning moves, and those of the forward pass."""
    if traffic is None:
        return []
    errors, masters = fmt.count(traffic.errors_read), fmt.count(traffic.moved_read)
    kept, written = fmt.count(traffic.kept_written), fmt.count(traffic.moved_written)
    return [
        ("bytes of weights read, forward", fmt.count(traffic.forward_read)),
        ("bytes read to learn", f"{fmt.count(traffic.learning_read)}: errors {errors}, what moved {masters}"),
        ("bytes written to learn", f"{fmt.count(traffic.learning_written)}: spikes kept {kept}, what moved {written}"),
    ]


def counted(instructions: Instructions | None, energy: LearningEnergy | None) -> list[tuple[str, str]]:
    """Instructions and energy of each part of a learned sample."""
    rows = []
    if instructions is not None:
        rows += [(f"instructions, {part}", fmt.count(getattr(instructions, part))) for part in PARTS]
    if energy is not None:
        parts = [part for part in PARTS if getattr(energy, part) is not None]
        rows += [(f"energy, {part}, {energy.forward.label}", fmt.energy(getattr(energy, part))) for part in parts]
        if energy.each_update is not None:
            rows.append((f"energy, learning, each update, {energy.forward.label}", fmt.energy(energy.each_update)))
    return rows
