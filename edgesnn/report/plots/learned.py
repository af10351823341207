"""Accuracy while a device learned: a running mean over the samples, and the stretches that the text tells."""

from __future__ import annotations

from typing import Any

from edgesnn.report.plots.style import Figure, colour, layout
from edgesnn.teaching import Teaching

HEIGHT = 300


def accuracy(teaching: Teaching) -> Figure:
    """Percent of right decisions, each made before the label was seen."""
    series = teaching.by_sample
    data = [stretches(teaching), running(teaching, f"the last {series.window} samples", colour(0))]
    if teaching.against is not None:
        data.append(running(teaching.against, f"those by {teaching.against.rule}", colour(3)))
    axes = {
        "xaxis": {"title": {"text": "samples seen"}, "range": [0, len(series.right) + 1]},
        "yaxis": {"title": {"text": "% right"}, "range": [0, 101]},
    }
    return {"data": data, "layout": layout(HEIGHT, margin={"t": 36}, **axes)}


def running(teaching: Teaching, name: str, color: str) -> dict[str, Any]:
    """A running mean."""
    series = teaching.by_sample
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(range(series.window, len(series.right) + 1)),
        "y": [100 * share for share in series.running_accuracy()],
        "line": {"color": color, "width": 1.6},
        "hovertemplate": f"{name}, to sample %{{x:,}}: %{{y:.1f}} %<extra></extra>",
    }


def stretches(teaching: Teaching) -> dict[str, Any]:
    """A level for each stretch."""
    starts = [0, *(part.samples for part in teaching.course[:-1])]
    x, y = [], []
    for start, part in zip(starts, teaching.course, strict=True):
        x += [start, part.samples]
        y += [100 * part.accuracy] * 2
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "stretches of equal length",
        "x": x,
        "y": y,
        "line": {"color": colour(1), "width": 1.2, "dash": "dot"},
        "hovertemplate": "%{y:.1f} %<extra></extra>",
    }
