"""Where the bytes are: one bar a memory, one segment a use."""

from __future__ import annotations

import math

from edgesnn.profiling import Profile
from edgesnn.report.plots.style import Figure, colour, layout

USES_A_ROW = 5
"""Entries of the legend that fit beside each other."""


def memory(profile: Profile) -> Figure | None:
    """The target's memory map, else the bytes its layers report; None where it reports neither."""
    parts = profile.memory_map or by_layer(profile)
    if not parts:
        return None
    memories = list(dict.fromkeys(memory for memory, _, _ in parts))
    uses = list(dict.fromkeys(use for _, use, _ in parts))
    sizes = {(memory, use): 0 for memory in memories for use in uses}
    for place, use, count in parts:
        sizes[place, use] += count
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": use,
            "y": memories,
            "x": [sizes[place, use] for place in memories],
            "marker": {"color": colour(index)},
            "hovertemplate": f"%{{y}}, {use}: %{{x:,}} bytes<extra></extra>",
        }
        for index, use in enumerate(uses)
    ]
    axes = {"yaxis": {"autorange": "reversed", "showgrid": False}, "xaxis": {"title": {"text": "bytes"}}}
    top = 16 + 22 * math.ceil(len(uses) / USES_A_ROW)
    height = top + 60 + 54 * len(memories)
    return {"data": data, "layout": layout(height, barmode="stack", bargap=0.35, margin={"t": top}, **axes)}


def by_layer(profile: Profile) -> list[tuple[str, str, int]]:
    """(kind, layer, bytes) of the weights and states that the target reports by layer."""
    kinds = (("weights", "weight_bytes"), ("state", "state_bytes"))
    return [
        (kind, layer.name, count)
        for kind, field in kinds
        for layer in profile.layers
        if (count := getattr(layer, field))
    ]
