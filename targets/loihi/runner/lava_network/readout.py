"""Readouts that look at spikes: the host computes them from the spikes that left the chip."""

from __future__ import annotations

from typing import Any

import numpy as np


def spike_count(spikes: np.ndarray, layer: dict[str, Any]) -> dict[str, np.ndarray]:
    """spikes (samples, steps, classes) to the count after each step."""
    count = np.cumsum(spikes, axis=1)
    return {"output": count, "count": count}


def first_spike(spikes: np.ndarray, layer: dict[str, Any]) -> dict[str, np.ndarray]:
    """horizon - t from a neuron's first spike on, 0 before; a first spike at or after the horizon scores 0."""
    horizon, steps = layer["horizon"], np.arange(spikes.shape[1])
    worth = np.maximum(horizon - steps, 0)[None, :, None] * spikes
    score = np.maximum.accumulate(worth, axis=1)
    clock = np.minimum(steps + 1, horizon)
    t = np.broadcast_to(clock[None, :, None], (len(spikes), len(steps), 1))
    return {"output": score, "score": score, "t": t}


READOUTS = {"SpikeCount": spike_count, "FirstSpike": first_spike}
