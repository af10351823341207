"""Confusion matrix: labels down, decisions across, counts in the cells."""

from __future__ import annotations

import math

from edgesnn.predictions import Predictions
from edgesnn.report.plots.style import ACCENT, Figure, layout


def confusion(predictions: Predictions) -> Figure | None:
    """Shaded by the logarithm of the count, so that single errors show; None where labels are unknown."""
    counts = predictions.confusion
    if not counts:
        return None
    names = list(predictions.classes)
    trace = {
        "type": "heatmap",
        "x": names,
        "y": names,
        "z": [[math.log1p(count) for count in row] for row in counts],
        "text": [[str(count) if count else "" for count in row] for row in counts],
        "texttemplate": "%{text}",
        "customdata": [list(row) for row in counts],
        "hovertemplate": "label %{y}, decided %{x}: %{customdata}<extra></extra>",
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "colorscale": [[0, f"rgba({ACCENT}, 0.05)"], [1, f"rgba({ACCENT}, 0.62)"]],
    }
    axes = {
        "yaxis": {"autorange": "reversed", "type": "category", "title": {"text": "label"}, "showgrid": False},
        "xaxis": {"type": "category", "title": {"text": "decision"}, "showgrid": False},
    }
    return {"data": [trace], "layout": layout(max(420, 60 + 32 * len(names)), **axes)}
