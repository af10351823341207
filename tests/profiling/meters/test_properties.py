"""Properties of the calibration and of the integral, over random kits, currents and windows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import MeterError
from edgesnn.profiling.meters import window
from edgesnn.profiling.meters.integral import within
from edgesnn.profiling.meters.ppk2.calibration import KEYS, Calibration, parse
from edgesnn.profiling.meters.ppk2.samples import unpack
from edgesnn.profiling.meters.trace import stretches
from tests.profiling.meters.kit import CALIBRATION, METADATA, codes_of, ranges_of, words_of
from tests.profiling.meters.test_faults import trace_of

NOMINAL_OHM = np.array([1003.0, 101.6, 10.3, 0.96, 0.056])
FULL_SCALE_A = np.array([50e-6, 500e-6, 5e-3, 60e-3, 1.0])


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    """Kits as they leave a factory: shunts within 10 %, small errors of gain and offset."""

    def five(low: float, high: float) -> np.ndarray:  # type: ignore[type-arg]
        return np.array(draw(st.lists(st.floats(low, high), min_size=5, max_size=5)))

    return Calibration(
        r=NOMINAL_OHM * five(0.9, 1.1),
        gs=five(0, 2) / (20 * FULL_SCALE_A),
        gi=five(0.9, 1.1),
        o=five(0, 150),
        s=five(-1e-3, 1e-3) * FULL_SCALE_A,
        i=five(-1e-2, 1e-2) * FULL_SCALE_A,
        ug=five(0.95, 1.05),
        vdd_mv=3000,
    )


currents = st.lists(st.floats(1e-7, 0.9), min_size=1, max_size=40).map(np.array)


@given(kit=calibrations(), current=currents, vdd_mv=st.integers(800, 5000))
def test_the_inverse_of_the_calibration_is_its_inverse(
    kit: Calibration,
    current: np.ndarray,
    vdd_mv: int,  # type: ignore[type-arg]
) -> None:
    ranges = ranges_of(current)
    codes = codes_of(current, ranges, vdd_mv, kit)
    found = kit.amperes(codes, ranges, vdd_mv)
    inside = (codes > 0) & (codes < (1 << 14) - 1)
    step = kit.amperes(np.minimum(codes + 1, (1 << 14) - 1), ranges, vdd_mv) - found
    assert (np.abs(found - current)[inside] <= 0.51 * step[inside]).all()


@given(kit=calibrations(), codes=st.lists(st.integers(0, (1 << 14) - 2), min_size=5, max_size=5))
def test_a_larger_code_is_a_larger_current(kit: Calibration, codes: list[int]) -> None:
    here, ranges = np.array(codes), np.arange(5)
    usable = 4 * (here + 1) > kit.o  # below the offset the square bends the wrong way
    rise = kit.amperes(here + 1, ranges, 3000) - kit.amperes(here, ranges, 3000)
    assert (rise[usable] > 0).all()


@given(kit=calibrations())
def test_a_metadata_text_is_read_as_it_was_written(kit: Calibration) -> None:
    lines = [f"{key}{k}: {getattr(kit, key.lower())[k]!r}".replace("np.float64(", "").rstrip(")")
             for key in KEYS for k in range(5)]  # fmt: skip
    read = parse("kit", ("\n".join([*lines, f"VDD: {kit.vdd_mv}", "END"]) + "\n").encode())
    for key in KEYS:
        assert (getattr(read, key.lower()) == getattr(kit, key.lower())).all()


@given(data=st.data())
def test_no_cut_or_changed_text_is_read_as_something_else(data: st.DataObject) -> None:
    """A text with a byte changed is refused, or differs in that one value only."""
    text = bytearray(METADATA.encode())
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] = data.draw(st.integers(0, 255))
    try:
        read = parse("kit", bytes(text))
    except MeterError:
        return
    changed = sum(int((getattr(read, key.lower()) != getattr(CALIBRATION, key.lower())).sum()) for key in KEYS)
    assert changed + (read.vdd_mv != CALIBRATION.vdd_mv) <= 1


@given(current=currents, first=st.integers(0, 200), up=st.booleans(), cut=st.integers(0, 3))
def test_words_are_read_as_they_were_written(current: np.ndarray, first: int, up: bool, cut: int) -> None:  # type: ignore[type-arg]
    words = words_of(current, np.full(len(current), up), first, 3000)
    found = unpack("kit", words.tobytes() + b"\xff" * cut)
    assert (found.codes == codes_of(current, ranges_of(current), 3000)).all()
    assert (found.ranges == ranges_of(current)).all()
    assert (found.numbers == np.arange(len(current))).all()
    assert ((found.logic & 1) == up).all()


@given(gap=st.integers(1, 62), place=st.integers(100, 900))
def test_every_gap_but_a_multiple_of_the_counter_is_seen(gap: int, place: int) -> None:
    words = words_of(np.full(1_000, 1e-3), np.zeros(1_000, bool), 0, 3000)
    numbers = unpack("kit", np.delete(words, slice(place, place + gap)).tobytes()).numbers
    assert (np.flatnonzero(np.diff(numbers) != 1) == place - 1).all()
    assert numbers[-1] == 999 or place + gap >= 1_000


@given(
    level=st.floats(1e-5, 0.5),
    times=st.floats(2.0, 100.0),
    volts=st.floats(0.8, 5.0),
    begin=st.integers(1_000, 5_000),
    length=st.integers(100, 4_000),
    inferences=st.integers(1, 1_000),
)
def test_energy_is_power_times_time(
    level: float, times: float, volts: float, begin: int, length: int, inferences: int
) -> None:
    current = np.full(10_000, level)
    current[begin : begin + length] *= times
    trace = trace_of(current, voltage_v=np.array(volts))
    found = window(trace, np.array([[begin, begin + length]]), begin - 100, inferences)
    assert found.gross_joules == pytest.approx(level * times * volts * length / trace.rate_hz)
    assert found.joules == pytest.approx(level * (times - 1) * volts * length / trace.rate_hz)
    assert found.seconds == pytest.approx(length / trace.rate_hz)
    assert (found.current_a, found.baseline_a) == pytest.approx((level * times, level))
    assert found.edge_joules == pytest.approx(2 * level * times * volts / trace.rate_hz)


@given(cuts=st.sets(st.integers(2_000, 9_900), min_size=2, max_size=12), seed=st.integers(0, 99))
def test_energy_of_pulses_is_the_sum_of_theirs(cuts: set[int], seed: int) -> None:
    edges = sorted(cuts)[: len(cuts) // 2 * 2]
    spans = np.array(edges).reshape(-1, 2)
    current = np.random.default_rng(seed).uniform(1, 2, 10_000) * 1e-4
    current[2_000:] *= 50
    trace = trace_of(current)
    whole = window(trace, spans, 1_900, 1)
    apart = [window(trace, span[None], 1_900, 1) for span in spans]
    assert whole.gross_joules == pytest.approx(sum(part.gross_joules for part in apart))
    assert whole.joules == pytest.approx(sum(part.joules for part in apart))
    assert whole.seconds == pytest.approx(sum(part.seconds for part in apart))
    assert (stretches(within(spans, 10_000)) == spans).all()


@given(seed=st.integers(0, 999), volts=st.floats(0.8, 5.0))
def test_a_measured_voltage_is_multiplied_sample_by_sample(seed: int, volts: float) -> None:
    current = np.random.default_rng(seed).uniform(0.1, 0.2, 2_000)
    current[1_000:] += 1
    voltage = volts - 0.1 * current
    found = window(trace_of(current, voltage_v=voltage), np.array([[1_000, 2_000]]), 900, 1)
    assert found.gross_joules == pytest.approx(float((current * voltage)[1_000:].sum()) / 100_000)
    assert found.voltage_v == pytest.approx(float(voltage[1_000:].mean()))
