"""The marker pin's pulses: where inferences ran, by the meter's own digital input."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import MeterError
from edgesnn.profiling.meters.trace import Integers, Trace, stretches

BOUNCE_S = 1e-3
SHORTEST_SAMPLES = 100
"""Each edge is known to a sample, so that the length of a pulse is known to two per cent."""


def pulses(trace: Trace, expected: int) -> Integers:
    """(expected, 2) first sample of every pulse, and the one after its last.

    Raises MeterError where there are none, more or fewer than expected, where a pulse reaches out of the capture, and
    where pulses are too short to be timed.
    """
    found = stretches(trace.marker)
    if not len(found):
        remedy = "Wire the board's marker pin to input 0 of the meter"
        raise refused(trace, "no marker", "the marker pin never rises", remedy)
    if trace.marker[0] or trace.marker[-1]:
        end = "begins" if trace.marker[0] else "ends"
        problem = f"the marker is up when the capture {end}"
        raise refused(trace, "marker cut off", problem, "Check the marker's wire, and the ground")
    if len(found) != expected:
        raise wrong_number(trace, found, expected)
    mean = float(np.diff(found, axis=1).mean())
    if mean < SHORTEST_SAMPLES:
        problem = f"a pulse lasts {mean:.0f} samples of {1e6 / trace.rate_hz:g} us"
        remedy = "What is marked is too quick for this meter: measure with one of a higher rate"
        raise refused(trace, "marker too short", problem, remedy)
    return found


def wrong_number(trace: Trace, found: Integers, expected: int) -> MeterError:
    lengths = np.diff(found.reshape(-1)) / trace.rate_hz  # of pulses and of what lies between them, by turns
    short = np.flatnonzero(lengths < BOUNCE_S)
    if len(short):
        place = trace.at(int(found.reshape(-1)[short[0]]))
        problem = f"{len(found)} pulses, not {expected}: an edge comes {lengths[short[0]] * 1e6:.0f} us after {place}"
        return refused(trace, "marker bounces", problem, "Check the marker's wire, and its ground; keep it short")
    problem = f"{len(found)} pulses, not {expected}, the first at {trace.at(int(found[0, 0]))}"
    return refused(trace, "wrong number of markers", problem, "Check that the wire is on the board's marker pin")


def refused(trace: Trace, name: str, problem: str, remedy: str) -> MeterError:
    return MeterError(trace.where, f"{name}: {problem}", remedy)
