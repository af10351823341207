"""The PPK2's driver against an emulated kit: what it says, byte by byte, and the energy it makes of what it hears."""

from __future__ import annotations

import time

import numpy as np
import pytest

from edgesnn.errors import ConfigError, LinkError, MeterError
from edgesnn.profiling.meters import Trace, check, open_meter, pulses, window
from edgesnn.profiling.meters.ppk2.calibration import parse
from tests.profiling.meters.kit import METADATA, RATE, Scene, playing, steady

VOLTS = 3.3


def capture(scene: Scene, seconds: float, kind: str = "ppk2", **options: object) -> tuple[Trace, list[bytes], float]:
    """(the trace, what the kit was told, joules that it played under the marker)."""
    with playing(scene, **options) as kit:
        with open_meter(f"{kind}:{kit.port}", VOLTS) as meter:
            meter.arm()
            time.sleep(seconds)
            trace = meter.disarm()
        time.sleep(0.02)
        assert kit.wrong == []
        return trace, kit.told, kit.marked_joules(VOLTS)[0]


def test_the_kit_is_told_what_nordic_documents() -> None:
    _, told, _ = capture(steady(1e-3, 5e-3, 0.05, 0.1), 0.15)
    assert told == [b"\x07", b"\x19", b"\x11\x02", b"\x0d\x0c\xe4", b"\x0c\x01", b"\x06", b"\x07"]
    _, told, _ = capture(steady(1e-3, 5e-3, 0.05, 0.1), 0.15, "ppk2-ampere")
    assert told == [b"\x07", b"\x19", b"\x11\x01", b"\x0c\x01", b"\x06", b"\x07"]


@pytest.mark.parametrize(
    ("idle_a", "active_a"),
    [(2e-6, 30e-6), (30e-6, 200e-6), (200e-6, 2e-3), (2e-3, 20e-3), (5e-3, 200e-3), (3e-6, 400e-3)],
    ids=["range 0", "range 1", "range 2", "range 3", "range 4", "from range 0 to 4"],
)
def test_energy_is_what_was_played(idle_a: float, active_a: float) -> None:
    trace, _, joules = capture(steady(idle_a, active_a, 0.1, 0.2), 0.25)
    check(trace)
    found = window(trace, pulses(trace, 1), 9_000, 10)
    assert found.gross_joules == pytest.approx(joules, rel=0.005)
    assert found.joules == pytest.approx((active_a - idle_a) * VOLTS * 0.1, rel=0.005)
    assert found.seconds == pytest.approx(0.1, abs=2 / RATE)
    assert found.settling_seconds is not None
    assert found.baseline_a == pytest.approx(idle_a, rel=0.02)


def sweep(since: np.ndarray, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Up and down through all ranges, forty times a second."""
    exponent = -5.5 + 2.5 * (1 + np.sin(2 * np.pi * 40 * since))
    active = (since > 0.05) & (since < 0.2)
    return np.where(active, 10**exponent, 1e-6 * (1 + 0.1 * np.sin(since * 1e5))), active


def test_energy_across_changes_of_range() -> None:
    trace, _, joules = capture(sweep, 0.25)
    check(trace)
    assert set(np.unique(trace.ranges)) == {0, 1, 2, 3, 4}
    found = window(trace, pulses(trace, 1), 4_000, 1)
    assert found.gross_joules == pytest.approx(joules, rel=0.005)
    assert found.settling_seconds is not None
    assert found.settling_seconds >= 40 * 0.15 * 8 * 3 / RATE


def test_an_ampere_meter_takes_the_voltage_of_the_metadata_for_its_offset() -> None:
    trace, _, joules = capture(steady(30e-6, 200e-6, 0.1, 0.2), 0.25, "ppk2-ampere")
    assert window(trace, pulses(trace, 1), 9_000, 1).gross_joules == pytest.approx(joules, rel=0.005)


def test_a_second_capture_begins_afresh() -> None:
    with playing(steady(1e-3, 5e-3, 0.05, 0.1)) as kit, open_meter(f"ppk2:{kit.port}", VOLTS) as meter:
        for _ in range(2):
            meter.arm()
            time.sleep(0.15)
            trace = meter.disarm()
            check(trace)
            assert len(pulses(trace, 1)) == 1


@pytest.mark.parametrize(
    ("kind", "volts", "message"),
    [
        ("ppk2", None, "no supply voltage is set"),
        ("ppk2-ampere", None, "not known"),
        ("ppk2", 0.7, "outside 0.8 to 5 V"),
        ("ppk2", 5.1, "outside 0.8 to 5 V"),
        ("ppk3", 3.0, "Did you mean ppk2"),
    ],
)
def test_voltages_and_kinds_that_are_refused(kind: str, volts: float | None, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        open_meter(f"{kind}:/dev/none", volts)


def test_a_port_that_is_not_there() -> None:
    with pytest.raises(LinkError, match="Name one with --meter"):
        open_meter("ppk2:/dev/none", 3.0)
    with pytest.raises(ConfigError, match="names no port"):
        open_meter("ppk2", 3.0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("R0: 1003.3506\n", "", "garbled metadata: R0 missing"),
        ("VDD: 3000\n", "", "garbled metadata: VDD missing"),
        ("R0: 1003", "R0 1003", "garbled metadata: not lines of a name and a value"),
        ("GS1: 112.7890", "GS1: 112.78z0", "garbled metadata: GS1 is '112.78z0'"),
        ("R1: 101.5865", "R0: 101.5865", "garbled metadata: R0 twice"),
        ("R1: 101.5865", "R1: 0.0", "garbled metadata: a shunt, a gain or a voltage that cannot be"),
        ("VDD: 3000", "VDD: 3000.5", "garbled metadata: a shunt, a gain or a voltage that cannot be"),
        ("GS1: 112.7890", "GS1: -nan", "not calibrated: GS1 is -nan"),
        ("O2: 64", "O2: \xff64", "garbled metadata: bytes that are no text"),
    ],
)
def test_a_garbled_metadata_text_is_refused(old: str, new: str, message: str) -> None:
    assert old in METADATA
    with pytest.raises(MeterError, match=message):
        parse("ppk2", METADATA.replace(old, new, 1).encode("latin-1"))
    with playing(steady(0, 0, 0, 0), metadata=METADATA.replace(old, new, 1).encode("latin-1")) as kit:
        with pytest.raises(MeterError, match=message):
            open_meter(f"ppk2:{kit.port}", 3.0)
        assert kit.told[-1] == b"\x19"  # the board got no voltage


@pytest.mark.parametrize("said", [b"", METADATA[:-5].encode()])
def test_a_kit_without_an_answer_is_silent(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgesnn.profiling.meters.ppk2 import driver

    monkeypatch.setattr(driver, "ANSWER_S", 0.3)
    with (
        playing(steady(0, 0, 0, 0), metadata=said) as kit,
        pytest.raises(MeterError, match=f"silent meter: {len(said)}"),
    ):
        open_meter(f"ppk2:{kit.port}", 3.0)
