"""Instructions per layer and inference."""

from __future__ import annotations

from edgesnn.profiling import Profile
from edgesnn.report.plots.style import ROW_PX, Figure, bars, colour, layout


def instructions(profile: Profile) -> Figure | None:
    """One bar a layer; None where the board does not count instructions by layer."""
    counted = [(item.name, item.instructions) for item in profile.layers if item.instructions is not None]
    if not counted:
        return None
    names = [name for name, _ in counted]
    values = [value for _, value in counted]
    rest = (profile.instructions or 0) - sum(values)
    if rest > 0:
        names, values = [*names, "outside layers"], [*values, rest]
    trace = bars(names, values, "instructions", colour(0), "instructions")
    height = 60 + ROW_PX * len(names)
    yaxis = {"autorange": "reversed", "showgrid": False}
    return {
        "data": [trace],
        "layout": layout(height, yaxis=yaxis, xaxis={"title": {"text": "instructions per inference"}}),
    }
