"""Joulescope: what is made of its driver's messages, and what is said where it cannot be had. No hardware is here."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from edgesnn.errors import ConfigError, MeterError, ToolError
from edgesnn.profiling.meters import check, open_meter, pulses, window
from edgesnn.profiling.meters.joulescope import trace_of

RATE, FACTOR, PIECE = 1_000_000, 2, 8_000  # JS220: samples of 2 MHz, every second one is sent
Messages = dict[str, list[dict[str, Any]]]


def pieces(values: npt.NDArray[Any], first: int = 0, bits: bool = False) -> list[dict[str, Any]]:
    """The driver's messages of a signal: single bits come packed, eight in a byte."""
    found = []
    for start in range(0, len(values), PIECE):
        data = values[start : start + PIECE]
        found.append({
            "sample_id": FACTOR * (first + start), "sample_rate": FACTOR * RATE, "decimate_factor": FACTOR,
            "data": np.packbits(data, bitorder="little") if bits else data.astype(np.float32),
        })  # fmt: skip
    return found


def recorded(count: int = 200_000) -> Messages:
    rng = np.random.default_rng(3)
    marker = (np.arange(count) >= 100_000) & (np.arange(count) < 150_000)
    current = np.where(marker, 6e-3, 1e-3) * (1 + 0.01 * rng.standard_normal(count))
    return {
        "current": pieces(current),
        "voltage": pieces(3.0 - 2 * current),
        "marker": pieces(marker, bits=True),
    }


def arrivals(count: int = 200_000) -> npt.NDArray[np.float64]:
    counts = np.arange(PIECE, count + 1, PIECE, dtype=np.float64)
    return np.stack((counts, 50 + counts / RATE), axis=1)


def test_energy_by_current_and_voltage() -> None:
    trace = trace_of("joulescope", recorded(), arrivals(), 50.2)
    check(trace)
    assert (trace.rate_hz, len(trace.current_a)) == (RATE, 200_000)
    found = window(trace, pulses(trace, 1), 90_000, 10)
    assert found.seconds == pytest.approx(0.05)
    assert found.gross_joules == pytest.approx(6e-3 * (3.0 - 12e-3) * 0.05, rel=1e-3)
    assert found.joules == pytest.approx((6e-3 * (3.0 - 12e-3) - 1e-3 * (3.0 - 2e-3)) * 0.05, rel=1e-3)
    assert found.settling_seconds is None


def test_signals_that_begin_apart_are_cut_to_what_they_share() -> None:
    messages = recorded()
    messages["voltage"], messages["marker"] = messages["voltage"][1:], messages["marker"][:-2]
    trace = trace_of("joulescope", messages, arrivals(), 50.2)
    assert len(trace.current_a) == 200_000 - 3 * PIECE
    assert (trace.numbers[0], trace.numbers[-1]) == (PIECE, 200_000 - 2 * PIECE - 1)


def test_messages_that_are_missing_or_of_another_rate() -> None:
    messages = recorded()
    del messages["current"][5]
    with pytest.raises(MeterError, match="lost samples: current, voltage and marker"):
        trace_of("joulescope", messages, arrivals(), 50.2)
    messages = recorded()
    for signal in messages.values():
        del signal[5]
    with pytest.raises(MeterError, match="lost samples: 8,000 samples are missing in 1 places"):
        check(trace_of("joulescope", messages, arrivals(), 50.2))
    messages = recorded()
    messages["voltage"] = []
    with pytest.raises(MeterError, match="silent meter: no voltage came"):
        trace_of("joulescope", messages, arrivals(), 50.2)
    messages = recorded()
    for message in messages["marker"]:
        message["decimate_factor"] = 1
    with pytest.raises(MeterError, match="wrong sample spacing"):
        trace_of("joulescope", messages, arrivals(), 50.2)


def test_samples_that_the_driver_has_marked_as_lost() -> None:
    messages = recorded()
    messages["current"][3]["data"][17] = np.nan
    with pytest.raises(MeterError, match="lost samples: 1 samples have no value"):
        check(trace_of("joulescope", messages, arrivals(), 50.2))


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyjoulescope_driver", None)
    with pytest.raises(ToolError, match=r"needs the meter's driver .* Run pip install 'edgesnn\[joulescope\]'"):
        open_meter("joulescope")


def test_a_voltage_is_not_taken() -> None:
    with pytest.raises(ConfigError, match="measures the voltage"):
        open_meter("joulescope", 3.3)


@pytest.mark.skipif(
    importlib.util.find_spec("pyjoulescope_driver") is None, reason="the extra edgesnn[joulescope] is not installed"
)
def test_with_the_driver_but_without_a_meter() -> None:
    """The maker's own driver runs; nothing is connected to this computer."""
    with pytest.raises(MeterError, match="joulescope no-such-serial: 0 of the connected meters fit"):
        open_meter("joulescope:no-such-serial")
