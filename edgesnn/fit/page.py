"""The Pareto front as one self-contained HTML page: plots and a table."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

from edgesnn.fit import text, words
from edgesnn.fit.bounds import NAMES
from edgesnn.fit.measured import Measured
from edgesnn.fit.result import Fit
from edgesnn.report.frame import packaged
from edgesnn.report.plots.style import MUTED, Figure, colour, layout

UNITS = {"flash_bytes": "bytes", "ram_bytes": "bytes", "instructions": "an inference", "energy_uj": "µJ an inference"}


def html(result: Fit) -> str:
    """One plot a figure that the front is about, accuracy upwards, and every measured configuration in a table."""
    import jinja2
    from plotly.offline import get_plotlyjs

    import edgesnn

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "allow_nan": False}
    template = (resources.files("edgesnn.fit") / "page.html.j2").read_text("utf-8")
    names = [name for name in NAMES if any(getattr(item.figures, name) is not None for item in result.measured)]
    return environment.from_string(template).render(
        version=edgesnn.__version__,
        result=result,
        bounds=words.bounds(result.bounds),
        verdict=[*(text.won(result.winner)[:-1] if result.winner else []), *text.energies(result)],
        plots=[{"id": name, "title": f"Accuracy and {NAMES[name]}"} for name in names],
        figures={name: figure(result, name) for name in names},
        columns=text.columns(result),
        rows=[(item in result.front, text.row(result, item)) for item in text.ordered(result)],
        css=packaged("page.css"),
        script=packaged("page.js"),
        plotly=get_plotlyjs(),
    )


def figure(result: Fit, name: str) -> Figure:
    """Trained configurations over one figure; the bound, if there is one, as a line."""
    trained = [item for item in result.measured if item.accuracy is not None]
    kinds: tuple[tuple[str, str, Callable[[Measured], bool]], ...] = (
        ("does not fit", MUTED, lambda item: not item.fits(result.bounds)),
        ("fits", colour(0), lambda item: item.fits(result.bounds)),
    )
    data = [points([item for item in trained if chosen(item)], name, title, shade) for title, shade, chosen in kinds]
    data.append(ring([item for item in trained if item in result.front], name))
    if result.winner is not None:
        data.append(star(result.winner.measured, name))
    bound = getattr(result.bounds, name)
    axes = {
        "xaxis": {"title": {"text": f"{NAMES[name]}, {UNITS[name]}"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "accuracy, %"}},
    }
    lines = [] if bound is None else [limit_line(float(bound))]
    return {"data": data, "layout": layout(380, margin={"t": 44, "l": 48}, shapes=lines, **axes)}


def points(items: list[Measured], name: str, title: str, shade: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "name": title, "marker": {"color": shade, "size": 10},
        "x": [getattr(item.figures, name) for item in items],
        "y": [100 * (item.accuracy or 0.0) for item in items],
        "text": [words.configuration(item.point) for item in items],
        "hovertemplate": "%{text}<br>%{y:.2f} %, %{x:,.6~g}<extra></extra>",
    }  # fmt: skip


def ring(items: list[Measured], name: str) -> dict[str, Any]:
    """The front, by rings around its points: it may be one of more figures than this plot shows."""
    ordered = sorted(items, key=lambda item: getattr(item.figures, name))
    return {
        "type": "scatter", "mode": "markers", "name": "Pareto front", "hoverinfo": "skip",
        "marker": {"color": colour(1), "size": 17, "symbol": "circle-open", "line": {"width": 2}},
        "x": [getattr(item.figures, name) for item in ordered],
        "y": [100 * (item.accuracy or 0.0) for item in ordered],
    }  # fmt: skip


def star(item: Measured, name: str) -> dict[str, Any]:
    """The best that fits."""
    return {
        "type": "scatter", "mode": "markers", "name": "best", "hoverinfo": "skip",
        "marker": {"color": colour(2), "size": 15, "symbol": "star"},
        "x": [getattr(item.figures, name)], "y": [100 * (item.accuracy or 0.0)],
    }  # fmt: skip


def limit_line(bound: float) -> dict[str, Any]:
    line = {"color": colour(7), "width": 1.5, "dash": "dash"}
    return {"type": "line", "x0": bound, "x1": bound, "y0": 0, "y1": 1, "yref": "paper", "line": line}
