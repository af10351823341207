"""Who spiked when: a small, storable picture of the spikes of a few samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.activity import SPIKING
from edgesnn.integer import Array, Model, run

SAMPLES = 10
NEURONS = 120


@dataclass(frozen=True)
class RasterLayer:
    """Spikes of one layer. shown: indices of the neurons shown, evenly spread over all `neurons`.

    active[column] lists the positions in `shown` that spiked; a column is one time step of one sample.
    """

    name: str
    neurons: int
    shown: tuple[int, ...]
    active: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Raster:
    """Spikes of the first `samples` samples, `steps` time steps each, as the interpreter computes them."""

    samples: int
    steps: int
    layers: tuple[RasterLayer, ...]


def raster(model: Model, x: Array, samples: int = SAMPLES, neurons: int = NEURONS) -> Raster:
    """The raster of x (samples, T, *input shape): at most `samples` samples, and `neurons` neurons of each
    layer that fires."""
    x = x[:samples]
    names = [node.name for node in model.nodes if model.signal(node.name).meaning in SPIKING and model.states_of(node)]
    traces = run(model, x, record=names).traces
    return Raster(len(x), model.time_steps, tuple(layer(name, traces[name].output, neurons) for name in names))


def layer(name: str, output: Array, neurons: int) -> RasterLayer:
    flat = output.reshape(output.shape[0] * output.shape[1], -1)
    total = flat.shape[1]
    shown = np.unique(np.linspace(0, total - 1, min(neurons, total)).astype(int))
    active = tuple(tuple(int(i) for i in np.flatnonzero(row)) for row in flat[:, shown])
    return RasterLayer(name, total, tuple(int(i) for i in shown), active)
