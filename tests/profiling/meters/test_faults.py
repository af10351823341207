"""Captures that cannot be trusted: each fault is planted in the stream of an emulated kit and refused by its name."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from edgesnn.errors import MeterError
from edgesnn.profiling.meters import FAULTS, Trace, check, open_meter, pulses, window
from tests.profiling.meters.kit import RATE, Fault, playing, steady

Words = npt.NDArray[np.uint32]
SECONDS = 0.3
FROM, TO = 8_000, 20_000
MARKER = np.uint32(1 << 24)
TOP = np.uint32((1 << 14) - 1)


def judged(fault: Fault, expected: int = 1, **options: object) -> None:
    """Captures, checks and integrates, as a measurement does."""
    scene = options.pop("scene", steady(2e-3, 20e-3, FROM / RATE, TO / RATE))
    with playing(scene, fault=fault, **options) as kit:  # type: ignore[arg-type]
        with open_meter(f"ppk2:{kit.port}", 3.3) as meter:
            meter.arm()
            time.sleep(SECONDS)
            trace = meter.disarm()
        check(trace)
        window(trace, pulses(trace, expected), FROM - 1_000, 10)


def each(change: Callable[[Words, npt.NDArray[np.int64]], Words]) -> Fault:
    """A fault by the numbers of the samples."""
    return lambda words, first: change(words, first + np.arange(len(words)))


def without(wanted: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]) -> Fault:
    return each(lambda words, numbers: words[~wanted(numbers)])


def code_at(*places: int, code: int) -> Fault:
    """Another code in those samples, in the range they are in."""
    return each(lambda words, numbers: np.where(np.isin(numbers, places), words & ~TOP | np.uint32(code), words))


def marker_where(up: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]) -> Fault:
    return each(lambda words, numbers: np.where(up(numbers), words | MARKER, words & ~MARKER))


def pulse(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return (numbers >= FROM) & (numbers < TO)


def half_a_word(words: Words, first: int) -> Words:
    """Two bytes are lost on the way, once."""
    return words if first else np.frombuffer(words.tobytes()[2:], np.uint8)  # type: ignore[return-value]


STREAM: dict[str, tuple[Fault, str]] = {
    "one sample lost": (without(lambda n: n == 12_345), r"lost samples: 1 samples are missing in 1 places, the first"),
    "many lost": (without(lambda n: n % 5_000 < 40), r"lost samples: [\d,]+ samples are missing in \d+ places"),
    "bytes lost": (half_a_word, "out of step: what it sends stops making sense at sample"),
    "range that is none": (each(lambda w, n: np.where(n == 9_000, w | np.uint32(7 << 14), w)), "out of step: .* 9,000"),
    "spike up": (code_at(15_000, code=9_000), r"spike: [\d.]+ A at sample 15,000 \(0.1500 s\) among 0.0"),
    "spike of three": (code_at(15_000, 15_001, 15_002, code=9_000), "spike: .* sample 15,000"),
    "spike down": (code_at(15_000, code=20), "spike: .* sample 15,000"),
    "spike at a change of range": (
        each(lambda w, n: np.where(n == FROM + 1_000, w & ~np.uint32(7 << 14 | TOP) | np.uint32(4 << 14 | 800), w)),
        "spike: .* where the meter changes its range",
    ),
    "saturation": (
        each(lambda w, n: np.where(pulse(n), w & ~np.uint32(7 << 14) | np.uint32(4 << 14) | TOP, w)),
        "saturation: 12,000 samples are at the end of the meter's scale, the first is sample 8,000",
    ),
    "above one ampere": (
        each(lambda w, n: np.where(pulse(n), w & ~np.uint32(7 << 14 | TOP) | np.uint32(4 << 14 | 1_500), w)),
        "saturation: 12,000 samples",
    ),
    "a lower range held": (code_at(*range(15_000, 15_010), code=int(TOP)), "saturation: 10 samples"),
    "constant": (each(lambda w, n: w & ~np.uint32(TOP | 7 << 14) | np.uint32(3 << 14 | 777)), "constant trace: "),
    "constant from the middle on": (
        each(lambda w, n: np.where(n > 9_000, w & ~np.uint32(TOP | 7 << 14) | np.uint32(3 << 14 | 777), w)),
        r"constant trace: [\d,]+ samples are the same 0.0\d+ A, from sample 9,001",
    ),
    "no marker": (marker_where(lambda n: n < 0), "no marker: the marker pin never rises"),
    "marker always up": (marker_where(lambda n: n >= 0), "marker cut off: the marker is up when the capture begins"),
    "marker never falls": (marker_where(lambda n: n >= FROM), "marker cut off: the marker is up when the capture ends"),
    "marker bounces up": (
        marker_where(lambda n: pulse(n) & ~((n > FROM + 3) & (n < FROM + 8))),
        "marker bounces: 2 pulses, not 1: an edge comes 40 us after sample 8,000",
    ),
    "marker bounces down": (
        marker_where(lambda n: pulse(n) | ((n > TO + 5) & (n < TO + 8))),
        "marker bounces: 2 pulses, not 1: an edge comes 60 us after sample 20,000",
    ),
    "another pulse": (
        marker_where(lambda n: pulse(n) | ((n > TO + 2_000) & (n < TO + 4_000))),
        "wrong number of markers: 2 pulses, not 1",
    ),
    "marker too short": (marker_where(lambda n: (n >= FROM) & (n < FROM + 30)), "marker too short: .* 30 samples"),
    "marker of another board": (marker_where(lambda n: (n > 22_000) & (n < 24_000)), "not above idle"),
}  # fmt: skip


@pytest.mark.parametrize("name", STREAM)
def test_a_fault_in_the_stream_is_refused(name: str) -> None:
    fault, message = STREAM[name]
    with pytest.raises(MeterError, match=message) as caught:
        judged(fault)
    assert caught.value.where.startswith("ppk2 on /dev/")
    assert len(caught.value.remedy) > 20


def test_without_a_fault_it_is_accepted() -> None:
    judged(lambda words, first: words)


def test_a_kit_that_falls_silent() -> None:
    """In mid-capture, the marker's second edge never comes; nothing is made of what came before."""
    scene = steady(2e-3, 20e-3, 0.05, 0.1)
    with playing(scene, silent_after_s=0.15) as kit, open_meter(f"ppk2:{kit.port}", 3.3) as meter:
        meter.arm()
        time.sleep(0.8)
        with pytest.raises(MeterError, match=r"silent meter: the last samples came 0.\d s before the capture ended"):
            check(meter.disarm())


def test_a_kit_that_never_speaks() -> None:
    with playing(steady(0, 0, 0, 0), silent_after_s=-1) as kit, open_meter(f"ppk2:{kit.port}", 3.3) as meter:
        meter.arm()
        time.sleep(0.1)
        with pytest.raises(MeterError, match="silent meter: no sample came"):
            meter.disarm()


def test_a_kit_that_is_unplugged() -> None:
    with playing(steady(2e-3, 3e-3, 0, 1)) as kit:
        meter = open_meter(f"ppk2:{kit.port}", 3.3)
        meter.arm()
        time.sleep(0.05)
        meter._line.close()  # type: ignore[attr-defined]
        with pytest.raises(MeterError, match="the connection is lost"):
            meter.disarm()
        meter.close()


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_samples_at_another_rate(factor: float) -> None:
    with pytest.raises(MeterError, match=r"wrong sample spacing: [\d,]+ samples a second .* not 100,000"):
        judged(lambda words, first: words, rate=factor * RATE)


def trace_of(current: npt.NDArray[np.float64], **changes: object) -> Trace:
    """A faultless trace, but for the changes."""
    count = len(current)
    counts = np.arange(500, count + 1, 500, dtype=np.float64)
    fields: dict[str, object] = {
        "where": "meter",
        "rate_hz": float(RATE),
        "current_a": current,
        "voltage_v": np.array(3.0),
        "marker": np.zeros(count, bool),
        "numbers": np.arange(count),
        "resolution_a": np.array(1e-6),
        "clipped": np.zeros(count, bool),
        "ranges": None,
        "top_range": 0,
        "arrivals": np.stack((counts, 100 + counts / RATE), axis=1),
        "stopped_s": 100 + count / RATE,
    }
    return Trace(**{**fields, **changes})  # type: ignore[arg-type]


def noisy(count: int = 20_000) -> npt.NDArray[np.float64]:
    return 1e-3 * (1 + 0.01 * np.random.default_rng(0).standard_normal(count))


def test_the_table_names_every_fault_once() -> None:
    check(trace_of(noisy()))
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"current_a": np.zeros(20_000)}, "zero trace: all 20,000 samples are 0 A"),
        ({"current_a": np.where(np.arange(20_000) == 77, np.nan, noisy())}, "lost samples: 1 samples have no value"),
        ({"arrivals": np.array([[20_000.0, 100.2]])}, "too short: 20,000 samples in 1 pieces"),
        ({"clipped": np.arange(20_000) == 500}, "saturation: 1 samples"),
        ({"stopped_s": 101.0}, "silent meter"),
    ],
)
def test_faults_that_this_kit_cannot_have(changes: dict[str, object], message: str) -> None:
    with pytest.raises(MeterError, match=message):
        check(trace_of(**{"current": noisy(), **changes}))  # type: ignore[arg-type]


def test_late_samples_are_no_fault() -> None:
    """A busy computer looks late, now and then: what counts is the earliest."""
    trace = trace_of(noisy())
    arrivals = trace.arrivals.copy()
    arrivals[::3, 1] += 0.05
    arrivals[-3:-1, 1] += 0.2
    check(trace_of(noisy(), arrivals=arrivals, stopped_s=100.5))


def test_a_step_of_the_load_is_no_spike() -> None:
    current = noisy()
    current[5_000:9_000] *= 100
    check(trace_of(current))
    current[5_000:5_004] *= 3
    check(trace_of(current))


def test_the_documentation_names_every_fault() -> None:
    page = (Path(__file__).parents[3] / "docs" / "energy.md").read_text()
    named = set(", ".join(re.findall(r"^\| ([a-z, ]+) \| [a-z]", page, re.MULTILINE)).split(", "))
    planted = {message.partition(":")[0] for _, message in STREAM.values()}
    assert {fault.name for fault in FAULTS} | planted <= named
