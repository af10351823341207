"""What every HTML page stands in: everything inline, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import edgesnn
from edgesnn.energy import Table, tables
from edgesnn.report.plots.style import Figure

Plot = dict[str, Any]
"""id, title, figure, and `without`: the sentence that stands in its place where there is no figure."""


def rendered(template: str, shown: Iterable[Plot], energy_tables: Sequence[Table], **values: Any) -> str:
    """The page that the template makes of the values; its script draws the plots that are shown."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(packaged),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "allow_nan": False}
    return environment.get_template(template, globals={"zip": zip}).render(
        version=edgesnn.__version__,
        figures={plot["id"]: plot["figure"] for plot in shown if plot["figure"]},
        tables=energy_tables,
        css=packaged("page.css"),
        script=packaged("page.js"),
        plotly=get_plotlyjs(),
        **values,
    )


def packaged(name: str) -> str:
    return (resources.files("edgesnn.report") / name).read_text("utf-8")


def known_tables(used: Iterable[str]) -> list[Table]:
    """The energy tables behind figures, once each, as far as they are edgesnn's."""
    return [tables()[name] for name in dict.fromkeys(used) if name in tables()]


def plots_of(prefix: str, figures: Mapping[str, tuple[str, str, Figure | None]]) -> dict[str, Plot]:
    """Plots by kind, from (title, why there may be none, figure) by kind."""
    return {
        kind: {"id": f"{prefix}-{kind}", "title": title, "without": without, "figure": figure}
        for kind, (title, without, figure) in figures.items()
    }


def arranged(shown: Mapping[str, Plot], rows: Sequence[Sequence[Sequence[str]]]) -> list[list[list[Plot]]]:
    """Plots for rows of columns of kinds, without those that are not there."""
    there = [[[shown[kind] for kind in column if shown[kind]["figure"]] for column in row] for row in rows]
    return [[column for column in row if column] for row in there if any(row)]
