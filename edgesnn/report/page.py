"""One self-contained HTML page: everything inline, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
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
    profile = item.profile
    return {
        "id": f"d{index}",
        "item": item,
        "facts": facts(item),
        "energies": [(fmt.energy(energy), energy) for energy in profile.energies],
        "plots": [
            plot(index, "instructions", "Instructions per layer", "this board does not count instructions by layer",
                 plots.instructions(profile)),
            plot(index, "additions", "Work caused by spikes", "this model has no synapses", plots.additions(profile)),
            plot(index, "memory", "Memory map", "this target reports no memory map", plots.memory(profile)),
            plot(index, "confusion", "Confusion matrix", "labels are not known", plots.confusion(item.predictions)),
            plot(index, "raster", "Spike raster", "this model has no spiking layers", plots.spikes(item.raster)),
        ],
        "layers": layer_rows(profile),
    }  # fmt: skip


def plot(index: int, kind: str, title: str, without: str, figure: Figure | None) -> dict[str, Any]:
    """A plot, or the sentence that stands in its place."""
    return {"id": f"d{index}-{kind}", "kind": kind, "title": title, "without": without, "figure": figure}


def facts(item: Deployment) -> list[tuple[str, str, str]]:
    """(name, figure, remark) of the headline figures."""
    profile, energy = item.profile, item.profile.energy
    used = profile.stack_used_bytes
    stack = "worst case" if used is None else f"worst case; {fmt.size(used)} used"
    return [
        ("accuracy", fmt.percent(item.accuracy), f"{item.predictions.samples:,} samples, {item.predictions.data}"),
        ("flash", fmt.size(profile.flash_bytes), "code and constants"),
        ("RAM", fmt.size(profile.ram_bytes), "static: state, arena, buffers"),
        ("stack", fmt.size(profile.stack_bytes), stack),
        ("instructions", fmt.count(profile.instructions), "mean per inference"),
        ("synaptic adds", fmt.count(profile.synaptic_adds), f"of {fmt.count(profile.dense_adds)} dense"),
        ("energy", fmt.microjoules(energy.value) if energy.unit == "uJ" else f"{energy.value:.3g} {energy.unit}",
         f"{energy.label}, {energy.table}{fmt.interval(energy)}"),
    ]  # fmt: skip
