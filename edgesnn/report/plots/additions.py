"""Synaptic additions per layer: what the spikes cause, against what dense execution would do."""

from __future__ import annotations

from edgesnn.profiling import Profile
from edgesnn.report.plots.style import MUTED, ROW_PX, Figure, bars, colour, layout


def additions(profile: Profile) -> Figure | None:
    """Two overlaid bars a layer with synapses; None where there are none."""
    layers = [item for item in profile.layers if item.dense_adds]
    if not layers:
        return None
    names = [item.name for item in layers]
    dense = bars(names, [float(item.dense_adds) for item in layers], "dense", MUTED, "additions")
    caused = bars(names, [item.synaptic_adds for item in layers], "caused by spikes", colour(2), "additions")
    axes = {
        "yaxis": {"autorange": "reversed", "showgrid": False},
        "xaxis": {"title": {"text": "synaptic additions per inference"}},
    }
    height = 90 + (ROW_PX + 10) * len(names)
    return {"data": [dense, caused], "layout": layout(height, barmode="overlay", margin={"t": 36}, **axes)}
