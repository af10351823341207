"""Energy between marker edges, minus what the board draws anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.errors import MeterError
from edgesnn.profiling.meters.trace import Floats, Integers, Trace

BLOCKS = 10
SIGNIFICANT = 5.0
"""Inferences must draw more than idle by so many standard deviations of a tenth of the idle time."""
SETTLING_SAMPLES = 3
"""Samples after a change of range that the meter's own application would smooth: they count, and are told."""


@dataclass(frozen=True)
class Window:
    """One window of inferences.

    joules: between the marker's edges, minus baseline_w times seconds; gross_joules: without that. seconds: between the
    edges, all pulses together. idle_seconds: of the baseline. baseline_spread_w: how much tenths of it differ.
    edge_joules: what one sample at each edge could change. settling_seconds: within the edges, just after a change of
    range; None where the meter does not tell its ranges.
    """

    inferences: int
    joules: float
    gross_joules: float
    seconds: float
    current_a: float
    voltage_v: float
    idle_seconds: float
    baseline_a: float
    baseline_w: float
    baseline_spread_w: float
    resolution_a: float
    edge_joules: float
    settling_seconds: float | None


def window(trace: Trace, spans: Integers, idle: int, inferences: int) -> Window:
    """The energy of a capture: sums of current times voltage over the samples of all spans.

    Args:
        spans: (k, 2) first sample of each, and the one after its last.
        idle: how many samples at the beginning are the baseline.

    Raises MeterError where there is no baseline, or nothing above it.
    """
    if idle < BLOCKS or idle > spans[0, 0]:
        problem = "no baseline: inferences begin with the capture"
        raise MeterError(trace.where, problem, "Close other programs and measure again")
    power, inside = trace.power_w, within(spans, len(trace.current_a))
    baseline = float(power[:idle].mean())
    seconds = int(inside.sum()) / trace.rate_hz
    gross = float(power[inside].sum()) / trace.rate_hz
    net = gross - baseline * seconds
    spread = float(np.std([block.mean() for block in np.array_split(power[:idle], BLOCKS)]))
    if net <= SIGNIFICANT * spread * seconds:
        raise MeterError(
            trace.where,
            f"not above idle: {gross / seconds * 1e3:.4g} mW with inferences, {baseline * 1e3:.4g} mW without, which "
            f"itself varies by {spread * 1e3:.2g} mW",
            "Check that the board's supply runs through the meter and that the marker is this board's",
        )
    voltage = np.broadcast_to(trace.voltage_v, power.shape)
    return Window(
        inferences=inferences,
        joules=net,
        gross_joules=gross,
        seconds=seconds,
        current_a=float(trace.current_a[inside].mean()),
        voltage_v=float(voltage[inside].mean()),
        idle_seconds=idle / trace.rate_hz,
        baseline_a=float(trace.current_a[:idle].mean()),
        baseline_w=baseline,
        baseline_spread_w=spread,
        resolution_a=float(np.broadcast_to(trace.resolution_a, power.shape)[inside].max()),
        edge_joules=edge_joules(power, spans) / trace.rate_hz,
        settling_seconds=settling_seconds(trace, inside),
    )


def within(spans: Integers, size: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(size,) whether a sample lies in one of the spans."""
    steps = np.zeros(size + 1, np.int8)
    steps[spans[:, 0]], steps[spans[:, 1]] = 1, -1
    return np.cumsum(steps[:-1]).astype(bool)


def edge_joules(power: Floats, spans: Integers) -> float:
    """Power of the samples just inside every edge, summed: an edge is known to one sample."""
    return float(np.abs(power[spans[:, 0]]).sum() + np.abs(power[spans[:, 1] - 1]).sum())


def settling_seconds(trace: Trace, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float | None:
    if trace.ranges is None:
        return None
    settling = np.zeros(len(inside), bool)
    changes = np.flatnonzero(np.diff(trace.ranges)) + 1
    for later in range(SETTLING_SAMPLES):
        settling[np.minimum(changes + later, len(inside) - 1)] = True
    return int((settling & inside).sum()) / trace.rate_hz
