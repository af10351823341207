"""Operations of a sample that is learned."""

from __future__ import annotations

from dataclasses import asdict

from edgesnn.report.plots.style import ROW_PX, Figure, bars, colour, layout
from edgesnn.teaching import Teaching

NAMES = {
    "adds": "synaptic additions",
    "multiplies": "multiplications",
    "reciprocals": "reciprocals",
    "updates": "weights updated",
}


def operations(teaching: Teaching) -> Figure:
    """A bar an operation, mean of the samples."""
    counts = asdict(teaching.operations)
    trace = bars(list(NAMES.values()), [counts[name] for name in NAMES], "operations", colour(2), "a sample")
    yaxis = {"autorange": "reversed", "showgrid": False}
    axes = {"yaxis": yaxis, "xaxis": {"title": {"text": "operations of a sample"}}}
    return {"data": [trace], "layout": layout(60 + ROW_PX * len(NAMES), **axes)}
