"""What a sample takes that is learned: its parts, how they change from sample to sample, and how they are spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgesnn.report import format as fmt
from edgesnn.report.plots.memory import stacked
from edgesnn.report.plots.style import ROW_PX, Figure, bars, colour, layout
from edgesnn.target import Energy
from edgesnn.teaching import Teaching

PARTS = {"forward": "forward", "backward": "errors", "update": "weights and thresholds"}
"""Fields of instructions and energy, and what they are of."""
AXIS = {"title": {"text": "instructions of a sample"}}


def split(teaching: Teaching) -> Figure | None:
    """A bar a part, mean instructions; its energy beside it. None where the device does not count."""
    counts = teaching.instructions
    if counts is None:
        return None
    names = list(PARTS.values())
    trace = bars(names, [getattr(counts, part) for part in PARTS], "instructions", colour(0), "instructions")
    trace["marker"] = {"color": [colour(index) for index in range(len(names))]}
    trace["text"] = [label(getattr(counts, part), energy_of(teaching, part)) for part in PARTS]
    yaxis = {"autorange": "reversed", "showgrid": False}
    return {"data": [trace], "layout": layout(60 + 2 * ROW_PX * len(names), yaxis=yaxis, xaxis=AXIS)}


def against(teaching: Teaching) -> Figure | None:
    """The rule's parts and the baseline's; None where there is none, or the device does not count."""
    pair = (teaching, teaching.against)
    if teaching.ratios is None:
        return None
    parts = [
        (one.rule, name, round(getattr(one.instructions, part)))
        for one in pair
        if one is not None
        for part, name in PARTS.items()
    ]
    return stacked(parts, "instructions of a sample")


def energy_of(teaching: Teaching, part: str) -> Energy | None:
    energy: Energy | None = None if teaching.energy is None else getattr(teaching.energy, part)
    return energy


def label(instructions: float, energy: Energy | None) -> str:
    counted = fmt.count(instructions)
    return counted if energy is None else f"{counted}, {fmt.joules(energy)}{fmt.interval(energy)} {energy.label}"


def course(teaching: Teaching) -> Figure | None:
    """Instructions of each sample in order, part on part; and of the same samples with learning off."""
    found = [(name, getattr(teaching.by_sample, part)) for part, name in PARTS.items()]
    if not all(series for _, series in found):
        return None
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": list(range(1, len(series) + 1)),
            "y": list(series),
            "stackgroup": "sample",
            "line": {"color": colour(index), "width": 0.6},
            "hovertemplate": f"sample %{{x:,}}, {name}: %{{y:,}} instructions<extra></extra>",
        }
        for index, (name, series) in enumerate(found)
    ]
    if teaching.switched is not None:
        data.append(without(teaching.switched.forward))
    axes = {"xaxis": {"title": {"text": "sample"}}, "yaxis": AXIS}
    return {"data": data, "layout": layout(300, margin={"t": 36}, **axes)}


def without(forward: Sequence[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "learning off, first weights",
        "x": list(range(1, len(forward) + 1)),
        "y": list(forward),
        "line": {"color": colour(7), "width": 1, "dash": "dot"},
        "hovertemplate": "sample %{x:,}, learning off: %{y:,} instructions<extra></extra>",
    }


def spread(teaching: Teaching) -> Figure | None:
    """A box a part over the samples that were learned: quartiles, and whiskers to the lowest and highest."""
    series, kept = teaching.by_sample, [bool(learned) for learned in teaching.by_sample.learned]
    if teaching.spread is None:
        return None
    data = [
        {
            "type": "box",
            "name": name,
            "x": [count for count, learned in zip(getattr(series, part), kept, strict=True) if learned],
            "boxpoints": False,
            "marker": {"color": colour(index)},
            "line": {"width": 1.4},
            "hoverinfo": "x",
        }
        for index, (part, name) in enumerate(PARTS.items())
    ]
    yaxis = {"autorange": "reversed", "showgrid": False}
    axes = {"yaxis": yaxis, "xaxis": {**AXIS, "rangemode": "tozero"}}
    return {"data": data, "layout": layout(60 + 2 * ROW_PX * len(data), showlegend=False, **axes)}
