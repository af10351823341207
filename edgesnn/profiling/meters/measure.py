"""Energy of an inference by a power meter: windows of repeated inferences, as published benchmarks do it.

MLPerf Tiny takes the median of five energy runs (EEMBC EnergyRunner, README), each of at least 10 s and 10 inferences
(from memory of the benchmark's paper). So does this, with another sample in each, and besides it measures what the
board draws at idle before every window.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import ConfigError
from edgesnn.integer import Array
from edgesnn.profiling.meters.integral import Window, window
from edgesnn.profiling.meters.meter import Meter
from edgesnn.profiling.meters.pulses import pulses
from edgesnn.profiling.meters.trace import Integers, Trace
from edgesnn.profiling.meters.trust import check
from edgesnn.progress import Progress, silent
from edgesnn.target import MEASURED, Energy, Session

FEWEST_INFERENCES = 10
PILOT_S = 0.5
PILOT_TIMEOUT_S = 600.0
TAIL_S = 0.05
"""The capture goes on for as long after the last inference, so that the marker is seen to fall."""
MARKERS = ("pin", "link")
"""What tells when inferences run: the board's marker pin, or the link's request and reply."""


@dataclass(frozen=True)
class Protocol:
    """How is measured. seconds: what a window lasts at least, where that takes more than 10 inferences. idle_seconds:
    of the baseline before every window. marker: one of MARKERS."""

    windows: int = 5
    seconds: float = 10.0
    idle_seconds: float = 1.0
    marker: str = "pin"


@dataclass(frozen=True)
class Measurement:
    """What a power meter says of a model on a board. Every figure is measured.

    energy: of one inference without the baseline, in microjoules: median of the windows, lowest and highest.
    gross_uj: the median with it. current_a, baseline_a: medians. seconds: of the shortest window.
    """

    meter: str
    label: str
    energy: Energy
    gross_uj: float
    current_a: float
    baseline_a: float
    baseline_w: float
    voltage_v: float
    voltage: str
    rate_hz: float
    resolution_a: float
    dead_time: str
    settling_seconds: float | None
    marker: str
    seconds: float
    inferences: int
    windows: tuple[Window, ...]

    def remarks(self) -> tuple[str, ...]:
        """What the figure rests on, in sentences."""
        edges = max(item.edge_joules / item.joules for item in self.windows)
        idle = min(item.idle_seconds for item in self.windows)
        settling = "" if self.settling_seconds is None else f", {self.settling_seconds * 1e3:.3g} ms a window"
        return (
            f"energy is measured: {self.meter}, {self.voltage_v:.3f} V {self.voltage}, {self.rate_hz:,.0f} samples a "
            f"second, steps of {self.resolution_a * 1e6:.3g} uA, no sample lost; dead time: {self.dead_time}{settling}",
            f"median of {len(self.windows)} windows of at least {self.seconds:.3g} s, {self.inferences:,} inferences, "
            f"a window's sample run again and again; marker: {self.marker}, its edges change {100 * edges:.2g} % at "
            "most",
            f"the baseline, {self.baseline_a * 1e3:.4g} mA and {self.baseline_w * 1e3:.4g} mW over {idle:.3g} s of "
            f"idle before each window, is subtracted; with it an inference takes {self.gross_uj:.4g} uJ",
        )


def measure(
    session: Session, meter: Meter, x: Array, protocol: Protocol = Protocol(), progress: Progress = silent
) -> Measurement:
    """Measures inferences of the samples x (samples, T, *input shape), another one in every window.

    Raises MeterError where a capture cannot be trusted, ConfigError where the board has no marker pin and nobody has
    asked for a window without one, TargetError where the target cannot repeat inferences.
    """
    if protocol.marker == "pin" and session.marker_pin is None:
        raise ConfigError(
            session.model.name,
            "the board has no marker pin that would tell a meter when inferences run",
            "Add --marker link to take the time between request and reply, which is less exact",
        )
    times = repetitions(session, x[0], protocol.seconds)
    windows = []
    for number in range(protocol.windows):
        progress("measure", number, protocol.windows)
        trace, found = one_window(session, meter, x[number % len(x)], times, protocol)
        windows.append(found)
    return summary(meter, trace, tuple(windows), protocol, session.marker_pin)


def repetitions(session: Session, x: Array, seconds: float) -> int:
    """How often the sample must run to fill a window."""
    times, wanted = FEWEST_INFERENCES, min(seconds, PILOT_S)
    while True:
        start = time.monotonic()
        session.repeat(x, times, PILOT_TIMEOUT_S)
        took = time.monotonic() - start
        if took >= wanted:
            return max(FEWEST_INFERENCES, math.ceil(times * seconds / took))
        times = math.ceil(times * min(1.5 * wanted / took, 100.0))


def one_window(session: Session, meter: Meter, x: Array, times: int, protocol: Protocol) -> tuple[Trace, Window]:
    """One capture, checked: idle, the inferences, and a little more."""
    meter.arm()
    armed = time.monotonic()
    time.sleep(protocol.idle_seconds)
    asked = time.monotonic()
    stretches = session.repeat(x, times, 4 * protocol.seconds + PILOT_TIMEOUT_S)
    answered = time.monotonic()
    time.sleep(TAIL_S)
    trace = meter.disarm()
    check(trace)
    if protocol.marker == "pin":
        spans = pulses(trace, stretches)
    else:
        spans = np.array([[trace.index(asked), trace.index(answered)]], np.int64)
    return trace, window(trace, spans, idle_samples(trace, armed, protocol, spans), times)


def idle_samples(trace: Trace, armed: float, protocol: Protocol, spans: Integers) -> int:
    """How many samples at the beginning were taken before the board was asked for anything."""
    return min(trace.index(armed + protocol.idle_seconds), int(spans[0, 0]))


def summary(
    meter: Meter, trace: Trace, windows: tuple[Window, ...], protocol: Protocol, marker_pin: str | None
) -> Measurement:
    each = np.array([item.joules / item.inferences for item in windows]) * 1e6
    gross = np.array([item.gross_joules / item.inferences for item in windows]) * 1e6
    energy = Energy(float(np.median(each)), "uJ", MEASURED, meter.table, float(each.min()), float(each.max()))
    settling = [item.settling_seconds for item in windows if item.settling_seconds is not None]
    return Measurement(
        meter=meter.name,
        label=MEASURED,
        energy=energy,
        gross_uj=float(np.median(gross)),
        current_a=median([item.current_a for item in windows]),
        baseline_a=median([item.baseline_a for item in windows]),
        baseline_w=median([item.baseline_w for item in windows]),
        voltage_v=median([item.voltage_v for item in windows]),
        voltage=meter.voltage,
        rate_hz=trace.rate_hz,
        resolution_a=max(item.resolution_a for item in windows),
        dead_time=meter.dead_time,
        settling_seconds=max(settling) if settling else None,
        marker=f"pin: {marker_pin}" if protocol.marker == "pin" else "link: between request and reply",
        seconds=min(item.seconds for item in windows),
        inferences=sum(item.inferences for item in windows),
        windows=windows,
    )


def median(values: list[float]) -> float:
    return float(np.median(values))
