"""Spike raster: layers stacked, time steps of a few samples side by side."""

from __future__ import annotations

from typing import Any

from edgesnn.profiling import Raster, RasterLayer
from edgesnn.report.plots.style import Figure, colour, layout

GAP = 6
"""Empty rows between layers."""
HEIGHT = 420


def spikes(raster: Raster) -> Figure | None:
    """One heat map a layer, the first layer on top; None for a model without spiking layers."""
    if not raster.layers:
        return None
    data, ticks, offset = [], [], 0
    for index, layer in enumerate(raster.layers):
        rows = len(layer.shown)
        data.append(layer_trace(layer, offset, colour(index)))
        ticks.append(offset + (rows - 1) / 2)
        offset += rows + GAP
    names = [f"{layer.name} ({len(layer.shown)} of {layer.neurons:,})" for layer in raster.layers]
    columns = raster.samples * raster.steps
    axes = {
        "yaxis": {"tickvals": ticks, "ticktext": names, "range": [offset - GAP, -1], "showgrid": False, "ticks": ""},
        "xaxis": {
            "tickvals": [sample * raster.steps + (raster.steps - 1) / 2 for sample in range(raster.samples)],
            "ticktext": [str(sample) for sample in range(raster.samples)],
            "title": {"text": f"sample, {raster.steps} time steps each"},
            "range": [-0.5, columns - 0.5],
            "showgrid": False,
        },
    }
    lines = [divider(sample * raster.steps - 0.5) for sample in range(1, raster.samples)]
    return {"data": data, "layout": layout(HEIGHT, shapes=lines, **axes)}


def layer_trace(layer: RasterLayer, offset: int, color: str) -> dict[str, Any]:
    grid = [[0] * len(layer.active) for _ in layer.shown]
    for column, active in enumerate(layer.active):
        for position in active:
            grid[position][column] = 1
    return {
        "type": "heatmap",
        "name": layer.name,
        "z": grid,
        "y": [offset + row for row in range(len(grid))],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "colorscale": [[0, "rgba(0,0,0,0)"], [1, color]],
        "customdata": [[index] * len(layer.active) for index in layer.shown],
        "hovertemplate": "neuron %{customdata}, column %{x}: %{z}<extra>" + layer.name + "</extra>",
    }


def divider(x: float) -> dict[str, Any]:
    line = {"color": "rgba(128, 140, 155, 0.45)", "width": 1}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}
