"""Colours and the layout that all plots share. The page's script adds text and grid colours of the theme."""

from __future__ import annotations

from typing import Any

ACCENT = "58, 123, 213"
PALETTE = ("#3a7bd5", "#d9822b", "#2f9e77", "#b0579b", "#8b78d0", "#b59a1d", "#6b7785", "#c7524a", "#4aa3a2", "#9a7b5b")
MUTED = "rgba(128, 140, 155, 0.35)"
ROW_PX = 26

Figure = dict[str, Any]
"""A plotly figure: `data`, a list of traces, and `layout`."""


def colour(index: int) -> str:
    return PALETTE[index % len(PALETTE)]


def layout(height: int, **changes: Any) -> dict[str, Any]:
    """A layout without background, title or toolbar; margins grow with the labels."""
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 36},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 12},
        "hoverlabel": {"font": {"family": "system-ui, sans-serif", "size": 12}},
        "xaxis": {"automargin": True, "zeroline": False},
        "yaxis": {"automargin": True, "zeroline": False},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    }
    for key, value in changes.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base


def bars(names: list[str], values: list[float], name: str, color: str, unit: str) -> dict[str, Any]:
    """One horizontal bar a row, first row on top (with a reversed axis)."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": names,
        "x": values,
        "marker": {"color": color},
        "hovertemplate": f"%{{y}}: %{{x:,.0f}} {unit}<extra>{name}</extra>",
    }
