"""Where the bytes are: one bar a memory, one segment a use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from edgesnn.profiling import Profile
from edgesnn.report.plots.style import Figure, colour, layout

Part = tuple[str, str, int]
"""(memory, use, bytes)"""
USES_A_ROW = 3
"""Entries of the legend that fit beside each other."""
USES = 9
"""Uses shown by name; the smaller ones are shown together."""


def memory(profile: Profile) -> Figure | None:
    """The target's memory map, else the bytes its layers report; None where it reports neither."""
    return stacked(profile.memory_map or by_layer(profile))


def stacked(parts: Sequence[Part], unit: str = "bytes") -> Figure | None:
    """One bar a memory, or whatever else has parts; None of nothing."""
    if not parts:
        return None
    parts = gathered(parts)
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
            "hovertemplate": f"%{{y}}, {use}: %{{x:,}} {unit}<extra></extra>",
        }
        for index, use in enumerate(uses)
    ]
    axes = {"yaxis": {"autorange": "reversed", "showgrid": False}, "xaxis": {"title": {"text": unit}}}
    top = 16 + 22 * math.ceil(len(uses) / USES_A_ROW)
    height = top + 60 + 54 * len(memories)
    return {"data": data, "layout": layout(height, barmode="stack", bargap=0.35, margin={"t": top}, **axes)}


def gathered(parts: Sequence[Part]) -> list[Part]:
    """The parts with all but the largest uses under one name, which comes last."""
    totals: dict[str, int] = {}
    for _, use, count in parts:
        totals[use] = totals.get(use, 0) + count
    if len(totals) <= USES + 1:
        return list(parts)
    named = set(sorted(totals, key=lambda use: totals[use], reverse=True)[:USES])
    rest = f"{len(totals) - USES} smaller"
    kept = [part for part in parts if part[1] in named]
    return kept + [(memory, rest, count) for memory, use, count in parts if use not in named]


def by_layer(profile: Profile) -> list[Part]:
    """(kind, layer, bytes) of the weights and states that the target reports by layer."""
    kinds = (("weights", "weight_bytes"), ("state", "state_bytes"))
    return [
        (kind, layer.name, count)
        for kind, field in kinds
        for layer in profile.layers
        if (count := getattr(layer, field))
    ]
