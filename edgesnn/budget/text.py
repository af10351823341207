"""The account as text: tables for a terminal, one table in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.console import Console

from edgesnn.budget.analyse import Budget, LayerRow
from edgesnn.budget.confidence import Estimate
from edgesnn.budget.rows import Row
from edgesnn.report import format as fmt
from edgesnn.report.tables import heading, show, table

DEFINITIONS = (
    "BB, ACE, S-ACE, NS-ACE: our reconstruction of the definitions of Shen et al., CVPR 2024 (docs/budget.md). "
    "BB is the mean of T * b_s * b_w over layers, weighted by MACs."
)
BITS = ("model", "backend", "T", "b_w", "b_s", "BB", "ACE or S-ACE", "NS-ACE", "SynOps")
BYTES = ("model", "backend", "weights", "parameters", "states", "state traffic", "all traffic")
WORK = ("model", "backend", "additions", "arithmetic", "memory", "instructions", "on the board")
MEASURED = ("rate", "spikes", "accuracy")
LEFT = ("model", "backend", "on the board")


def cells(budget: Budget, row: Row) -> dict[str, str]:
    """Every column of one row."""
    found = {"model": row.model, "backend": row.backend, "T": str(row.time_steps)}
    if row.effort is None or row.memory is None or row.energy is None:
        return found | {"refused": row.refused or ""}
    effort, memory, energy = row.effort, row.memory, row.energy
    return found | {
        "b_w": f"{effort.weight_bits:.3g}",
        "b_s": f"{effort.spike_bits:.3g}",
        "BB": f"{effort.bit_budget:.3g}",
        "ACE or S-ACE": fmt.count(effort.s_ace),
        "NS-ACE": fmt.count(effort.ns_ace),
        "SynOps": fmt.count(effort.syn_ops),
        "rate": interval(budget.rate, fmt.percent),
        "spikes": fmt.count(budget.spikes),
        "accuracy": interval(budget.accuracy, fmt.percent),
        "weights": fmt.size(memory.weight_bytes),
        "parameters": fmt.size(memory.parameter_bytes),
        "states": fmt.size(memory.state_bytes),
        "state traffic": fmt.size(round(memory.state_traffic_bytes)),
        "all traffic": fmt.size(round(memory.traffic_bytes)),
        "additions": fmt.count(row.additions),
        "arithmetic": fmt.energy(energy.arithmetic),
        "memory": fmt.energy(energy.memory),
        "instructions": fmt.count(row.instructions),
        "on the board": fmt.energy(row.board_energy) if row.board_energy else fmt.UNKNOWN,
    }


def interval(estimate: Estimate | None, shown: Callable[[float | None], str]) -> str:
    if estimate is None:
        return fmt.UNKNOWN
    bounds = "" if estimate.low is None else f" [{shown(estimate.low)}, {shown(estimate.high)}]"
    return f"{shown(estimate.value)}{bounds}"


def budgets(found: Sequence[Budget]) -> Callable[[Console], None]:
    def printer(console: Console) -> None:
        for budget in found:
            for line in facts(budget):
                console.print(line)
        rows = [cells(budget, row) for budget in found for row in budget.rows]
        for title, columns in (("Bits", BITS), ("Bytes", BYTES), ("Operations and modelled energy", WORK)):
            heading(console, title)
            show(console, picked(columns, rows))
        for budget in found:
            heading(console, f"Layers of {budget.model}, as defined")
            show(console, table(LAYERS, map(layer, budget.layers), LAYERS[2:]))
        for line in footnotes(found):
            console.print(line)

    return printer


LAYERS = ("layer", "kind", "MACs a step", "steps", "b_w", "b_s", "BB", "rate")


def layer(row: LayerRow) -> tuple[str, ...]:
    bits = row.bits
    counts = (fmt.count(bits.macs), str(bits.steps), f"{bits.weight_bits:g}", f"{bits.spike_bits:g}")
    return bits.name, bits.kind, *counts, f"{row.bit_budget:g}", fmt.percent(row.rate)


def picked(columns: Sequence[str], rows: Sequence[Mapping[str, str]]):  # type: ignore[no-untyped-def]
    """The rows that have these columns."""
    kept = [[row[column] for column in columns] for row in rows if "refused" not in row]
    return table(columns, kept, [column for column in columns if column not in LEFT])


def facts(budget: Budget) -> list[str]:
    """What was measured, on what."""
    operations = budget.synaptic_operations
    accuracy = f", accuracy {interval(budget.accuracy, fmt.percent)}" if budget.accuracy else ""
    return [
        f"{budget.model}: {budget.rate.samples:,} samples ({budget.data}), T = {budget.time_steps}, "
        f"{fmt.count(budget.macs)} MACs a step",
        f"  rate {interval(budget.rate, fmt.percent)} of the neurons in a step, {fmt.count(budget.spikes)} spikes an "
        f"inference{accuracy}; intervals of 95 %",
        f"  synaptic operations (NeuroBench): {fmt.count(operations.effective_macs)} effective MACs, "
        f"{fmt.count(operations.effective_acs)} effective ACs, {fmt.count(operations.dense)} dense",
    ]


def footnotes(found: Sequence[Budget]) -> list[str]:
    refused = [f"refused: {row.model} on {row.backend}: {row.refused}" for b in found for row in b.rows if row.refused]
    return ["", *map(fair, found), *refused, f"note: {DEFINITIONS}"]


def fair(budget: Budget) -> str:
    """The line about the quantised ANN of equal bit budget."""
    pair, own = budget.fair, budget.rows[0].energy
    assert own is not None
    names = "MACs: " + ", ".join(f"{fmt.percent(share)} {name}" for name, share in pair.names)
    if budget.time_steps == 1:
        return f"fair pair: {budget.model} is a quantised ANN itself, since T = 1: {names}"
    energy = fmt.microjoules(pair.energy.total)
    return (
        f"fair pair of {budget.model}, BB {pair.bit_budget:.3g}: the same layers as an ANN, {names}; "
        f"{energy} with every activation active, {budget.model} {fmt.microjoules(own.total)} "
        f"({pair.energy.arithmetic.table} + {pair.energy.memory.table}): {verdict(pair.break_even)}"
    )


def verdict(break_even: float) -> str:
    if break_even >= 1:
        return "the ANN needs less whatever its activations are"
    if break_even <= 0:
        return "the spiking model needs less whatever the ANN's activations are"
    return f"the ANN needs less if under {fmt.percent(break_even)} of its activations are non-zero"


def markdown(found: Sequence[Budget]) -> str:
    """One table with every column, and the lines around it."""
    columns = (*BITS, *MEASURED, *BYTES[2:], *WORK[2:])
    rows = [cells(budget, row) for budget in found for row in budget.rows]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(row.get(column, fmt.UNKNOWN) for column in columns)} |" for row in rows]
    about = [line.strip() for budget in found for line in facts(budget)]
    return "\n\n".join(["  \n".join(about), "\n".join(lines), *footnotes(found)[1:]]) + "\n"
