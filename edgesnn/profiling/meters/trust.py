"""What makes a capture worthless. A capture with one of these faults is refused whole, never averaged or repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import MeterError
from edgesnn.profiling.meters.trace import Floats, Trace, stretches

SHORTEST_S = 0.1
FEWEST_ARRIVALS = 6
SILENCE_S = 0.5
"""A meter that streams says something all the time; a busy host may look late."""
SPACING = 0.02
"""Relative error of the sample rate by the host's clock; a quartz is a thousand times better."""
SPIKE_SAMPLES = 3
"""The longest spike: the PPK2's own application smooths as many samples after a change of range."""
SPIKE_RATIO = 5.0
SPIKE_STEPS = 20
"""How far a spike stands out: this often above (or below) all its neighbours, and this many steps of the resolution."""
NEIGHBOURS = 16


@dataclass(frozen=True)
class Fault:
    """name: as errors and tests call it. find: says what is wrong and where, or None. remedy: what the user can do."""

    name: str
    find: Callable[[Trace], str | None]
    remedy: str


def check(trace: Trace) -> None:
    """Raises MeterError with the first fault of the table."""
    for fault in FAULTS:
        problem = fault.find(trace)
        if problem is not None:
            raise MeterError(trace.where, f"{fault.name}: {problem}", fault.remedy)


def too_short(trace: Trace) -> str | None:
    seconds = len(trace.current_a) / trace.rate_hz
    if seconds >= SHORTEST_S and len(trace.arrivals) >= FEWEST_ARRIVALS:
        return None
    return f"{len(trace.current_a):,} samples in {len(trace.arrivals)} pieces tell nothing"


def silent(trace: Trace) -> str | None:
    quiet_s = trace.stopped_s - float(trace.arrivals[-1, 1])
    if quiet_s <= SILENCE_S:
        return None
    return f"the last samples came {quiet_s:.1f} s before the capture ended, after {trace.at(len(trace.numbers) - 1)}"


def lost(trace: Trace) -> str | None:
    gaps = np.flatnonzero(np.diff(trace.numbers) != 1)
    if len(gaps):
        missing = int((np.diff(trace.numbers) - 1).sum())
        return f"{missing:,} samples are missing in {len(gaps)} places, the first after {trace.at(int(gaps[0]))}"
    unknown = np.flatnonzero(~np.isfinite(trace.power_w))
    if len(unknown):
        return f"{len(unknown):,} samples have no value, the first is {trace.at(int(unknown[0]))}"
    return None


def spacing(trace: Trace) -> str | None:
    """Compares the earliest arrivals of the first and last third: samples may come late, but not all of a third."""
    counts, times = trace.arrivals.T
    late = times - counts / trace.rate_hz
    third = len(counts) // 3
    first, last = int(np.argmin(late[:third])), len(counts) - third + int(np.argmin(late[-third:]))
    took = times[last] - times[first]
    rate = (counts[last] - counts[first]) / took
    if abs(rate / trace.rate_hz - 1) <= SPACING:
        return None
    return f"{rate:,.0f} samples a second by this computer's clock, not {trace.rate_hz:,.0f}, between {took:.2f} s"


def saturated(trace: Trace) -> str | None:
    """The top range has nothing above it; a lower one may touch its end only while the meter changes range."""
    top = np.ones_like(trace.clipped) if trace.ranges is None else trace.ranges == trace.top_range
    runs = stretches(trace.clipped)
    held = runs[np.diff(runs, axis=1)[:, 0] > SPIKE_SAMPLES]
    bad = [*np.flatnonzero(trace.clipped & top)[:1], *held[:1, 0]]
    if not bad:
        return None
    count = int(trace.clipped.sum())
    return f"{count:,} samples are at the end of the meter's scale, the first is {trace.at(min(bad))}"


def zero(trace: Trace) -> str | None:
    if np.any(trace.current_a):
        return None
    return f"all {len(trace.current_a):,} samples are 0 A"


def constant(trace: Trace) -> str | None:
    runs = stretches(np.diff(trace.current_a) == 0)
    if not len(runs):
        return None
    lengths = np.diff(runs, axis=1)[:, 0] + 1
    longest = int(np.argmax(lengths))
    if 2 * lengths[longest] <= len(trace.current_a):
        return None
    first = int(runs[longest, 0])
    return f"{lengths[longest]:,} samples are the same {trace.current_a[first]:g} A, from {trace.at(first)}"


def spike(trace: Trace) -> str | None:
    """One to three samples far from all their neighbours: a board's capacitors let no such current through."""
    current = trace.current_a
    floor = SPIKE_STEPS * np.broadcast_to(trace.resolution_a, current.shape)
    found = [at for width in range(1, SPIKE_SAMPLES + 1) if (at := first_excursion(current, floor, width)) is not None]
    if not found:
        return None
    at = min(found)
    near = float(np.median(current[max(0, at - NEIGHBOURS) : at]))
    change = "" if trace.ranges is None or not changes_near(trace, at) else ", where the meter changes its range"
    return f"{current[at]:.3g} A at {trace.at(at)} among {near:.3g} A{change}"


def first_excursion(current: Floats, floor: Floats, width: int) -> int | None:
    """The first of `width` samples that are all above, or all below, NEIGHBOURS on both sides."""
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    if len(current) < 2 * NEIGHBOURS + width:
        return None
    inner = np.arange(NEIGHBOURS, len(current) - NEIGHBOURS - width + 1)
    # a filter of that size, centred, has its window at [i - size // 2, i + (size - 1) // 2]
    high, low = (f(current, NEIGHBOURS) for f in (maximum_filter1d, minimum_filter1d))
    before, after = inner - NEIGHBOURS // 2, inner + width + NEIGHBOURS // 2
    own = np.lib.stride_tricks.sliding_window_view(current, width)[inner]
    highest, lowest = np.maximum(high[before], high[after]), np.minimum(low[before], low[after])
    spikes = own.min(axis=1) > np.maximum(SPIKE_RATIO * highest, highest + floor[inner])
    dips = own.max(axis=1) < np.minimum(lowest / SPIKE_RATIO, lowest - floor[inner])
    places = np.flatnonzero(spikes | dips)
    return int(inner[places[0]]) if len(places) else None


def changes_near(trace: Trace, at: int) -> bool:
    assert trace.ranges is not None
    return bool(np.ptp(trace.ranges[max(0, at - SPIKE_SAMPLES) : at + SPIKE_SAMPLES + 1]) > 0)


FAULTS = (
    Fault("too short", too_short, "Measure longer, and check the meter's cable"),
    Fault("silent meter", silent, "Plug the meter in again, directly and not through a hub"),
    Fault("lost samples", lost, "Close other programs, and plug the meter in directly and not through a hub"),
    Fault("wrong sample spacing", spacing, "Close other programs, plug the meter in again, and check its firmware"),
    Fault("saturation", saturated, "The board draws more than the meter can measure: use another meter or a shunt"),
    Fault("zero trace", zero, "Check that the board's supply runs through the meter"),
    Fault("constant trace", constant, "Plug the meter in again: what it sends is no measurement"),
    Fault("spike", spike, "Measure again; if it stays, put a capacitor of 10 uF across the board's supply"),
)
"""In this order: what comes first would make what comes later look wrong."""
