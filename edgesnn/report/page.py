"""One self-contained HTML page: everything inline, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import edgesnn
from edgesnn.deployment import Deployment
from edgesnn.energy import Table, tables
from edgesnn.report import format as fmt
from edgesnn.report import plots
from edgesnn.report.layers import LAYER_COLUMNS, LAYER_RIGHT, layer_rows
from edgesnn.report.plots.style import Figure
from edgesnn.report.summary import COLUMNS, RIGHT, row
from edgesnn.target import Cycles


def html(deployments: Sequence[Deployment]) -> str:
    """The page of one or more deployments."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "allow_nan": False}
    sections = [section(item, index) for index, item in enumerate(deployments)]
    return environment.from_string(packaged("page.html.j2"), globals={"zip": zip}).render(
        version=edgesnn.__version__,
        columns=COLUMNS,
        right=RIGHT,
        rows=[row(item) for item in deployments],
        exact=all(item.exact for item in deployments),
        sections=sections,
        figures={plot["id"]: plot["figure"] for part in sections for plot in part["plots"] if plot["figure"]},
        layer_columns=LAYER_COLUMNS,
        layer_right=LAYER_RIGHT,
        tables=tables_of(deployments),
        css=packaged("page.css"),
        script=packaged("page.js"),
        plotly=get_plotlyjs(),
    )


def packaged(name: str) -> str:
    return (resources.files("edgesnn.report") / name).read_text("utf-8")


def tables_of(deployments: Sequence[Deployment]) -> list[Table]:
    """The energy tables behind the figures, as far as they are edgesnn's."""
    used = dict.fromkeys(energy.table for item in deployments for energy in item.profile.energies)
    return [tables()[name] for name in used if name in tables()]


def section(item: Deployment, index: int) -> dict[str, Any]:
    """What the template shows of one deployment."""
    shown = {kind: plot(f"d{index}-{kind}", *rest) for kind, rest in figures_of(item).items()}
    return {
        "id": f"d{index}",
        "item": item,
        "facts": facts(item),
        "energies": [(fmt.joules(energy) + fmt.interval(energy), energy) for energy in item.profile.energies],
        "plots": list(shown.values()),
        "rows": arranged(shown),
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


def plot(identifier: str, title: str, without: str, figure: Figure | None) -> dict[str, Any]:
    """A plot, or the sentence that stands in its place."""
    return {"id": identifier, "title": title, "without": without, "figure": figure}


def arranged(shown: Mapping[str, dict[str, Any]]) -> list[list[list[dict[str, Any]]]]:
    """Rows of columns of plots, without those that are not there."""
    tall = (
        [["instructions"], ["additions", "memory"]] if shown["instructions"]["figure"] else [["additions"], ["memory"]]
    )
    rows = (tall, [["confusion"], ["raster"]])
    there = [[[shown[kind] for kind in column if shown[kind]["figure"]] for column in row] for row in rows]
    return [[column for column in row if column] for row in there if any(row)]


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
