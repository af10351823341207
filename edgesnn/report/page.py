"""The HTML page of deployments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edgesnn.deployment import Deployment
from edgesnn.report import format as fmt
from edgesnn.report import plots
from edgesnn.report.frame import Plot, arranged, known_tables, plots_of, rendered
from edgesnn.report.layers import LAYER_COLUMNS, LAYER_RIGHT, layer_rows
from edgesnn.report.plots.style import Figure
from edgesnn.report.summary import COLUMNS, RIGHT, row
from edgesnn.target import Cycles


def html(deployments: Sequence[Deployment]) -> str:
    """The page of one or more deployments."""
    sections = [section(item, index) for index, item in enumerate(deployments)]
    return rendered(
        "page.html.j2",
        [plot for part in sections for plot in part["plots"]],
        known_tables(energy.table for item in deployments for energy in item.profile.energies),
        columns=COLUMNS,
        right=RIGHT,
        rows=[row(item) for item in deployments],
        exact=all(item.exact for item in deployments),
        sections=sections,
        layer_columns=LAYER_COLUMNS,
        layer_right=LAYER_RIGHT,
    )


def section(item: Deployment, index: int) -> dict[str, Any]:
    """What the template shows of one deployment."""
    shown = plots_of(f"d{index}", figures_of(item))
    return {
        "id": f"d{index}",
        "item": item,
        "facts": facts(item),
        "energies": [(fmt.joules(energy) + fmt.interval(energy), energy) for energy in item.profile.energies],
        "plots": list(shown.values()),
        "rows": arranged(shown, places(shown)),
        "layers": layer_rows(item.profile),
    }


def figures_of(item: Deployment) -> dict[str, tuple[str, str, Figure | None]]:
    """(title, why there may be none, figure) by kind."""
    profile = item.profile
    return {
        "instructions": ("Instructions per layer", "not counted by layer on this board", plots.instructions(profile)),
        "additions": ("Work caused by spikes", "this model has no synapses", plots.additions(profile)),
        "memory": ("Memory map", "this target reports none", plots.memory(profile)),
        "confusion": ("Confusion matrix", "labels are not known", plots.confusion(item.predictions)),
        "raster": ("Spike raster", "this model has no spiking layers", plots.spikes(item.raster)),
    }


def modelled(cycles: Cycles | None) -> list[tuple[str, str, str]]:
    """The headline figure of modelled cycles, where there are any."""
    if cycles is None:
        return []
    interval = f"{fmt.count(cycles.low)} to {fmt.count(cycles.high)}"
    return [("cycles", fmt.count(cycles.value), f"{cycles.label}, {cycles.core}; {interval}")]


def places(shown: Mapping[str, Plot]) -> list[list[list[str]]]:
    """Rows of columns of plots; what is not there leaves no gap."""
    tall = (
        [["instructions"], ["additions", "memory"]] if shown["instructions"]["figure"] else [["additions"], ["memory"]]
    )
    return [tall, [["confusion"], ["raster"]]]


def facts(item: Deployment) -> list[tuple[str, str, str]]:
    """(name, figure, remark) of the headline figures."""
    profile, energy = item.profile, item.profile.energy
    used = profile.stack_used_bytes
    stack = "worst case" if used is None else f"worst case; {fmt.size(used)} used"
    found = [
        ("accuracy", fmt.percent(item.accuracy), f"{item.predictions.samples:,} samples, {item.predictions.data}"),
        ("flash", fmt.size(profile.flash_bytes), "code and constants"),
        ("RAM", fmt.size(profile.ram_bytes), "static: state, arena, buffers"),
        ("stack", fmt.size(profile.stack_bytes), stack),
        ("instructions", fmt.count(profile.instructions), "mean per inference"),
        *modelled(profile.cycles),
        ("synaptic adds", fmt.count(profile.synaptic_adds), f"of {fmt.count(profile.dense_adds)} dense"),
        ("energy", fmt.joules(energy), f"{energy.label}, {energy.table}{fmt.interval(energy)}"),
    ]
    if profile.spread is not None:
        median, most = fmt.count(profile.spread.median), fmt.count(profile.spread.percentile_95)
        samples = f"{profile.spread.samples} samples"
        found.append(("instructions, 95 %", most, f"of {samples} take no more; median {median}"))
    if profile.worst_case is not None:
        found.append(("instructions, worst case", fmt.count(profile.worst_case.instructions), profile.worst_case.by))
    return found
