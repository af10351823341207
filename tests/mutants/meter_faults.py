"""Faults of power meters: a wrong calibration or integral, and captures that are believed though they must not be."""

from __future__ import annotations

from tests.mutants.fault import Fault

METERS = "edgesnn/profiling/meters/"
ENERGY = ("tests/profiling/meters/test_ppk2.py",)
REFUSED = ("tests/profiling/meters/test_faults.py",)
PROPERTIES = ("tests/profiling/meters/test_properties.py",)
FIRMWARE = ("tests/link/test_marker.py",)

METER_FAULTS = (
    Fault(
        "PPK2: the offset that grows with the voltage is left out",
        f"{METERS}ppk2/calibration.py",
        " + self.s[ranges] * (vdd_mv / 1000) + self.i[ranges]",
        " + self.i[ranges]",
        ENERGY,
    ),
    Fault("PPK2: another bit is the marker", f"{METERS}ppk2/driver.py", "MARKER_BIT = 1 ", "MARKER_BIT = 4 ", ENERGY),
    Fault(
        "PPK2: the source voltage goes out little-endian",
        f"{METERS}ppk2/driver.py",
        'to_bytes(2, "big")',
        'to_bytes(2, "little")',
        ENERGY,
    ),
    Fault(
        "PPK2: the counter's wrap is a gap",
        f"{METERS}ppk2/samples.py",
        "np.diff(counter) % COUNTS",
        "np.diff(counter)",
        PROPERTIES,
    ),
    Fault(
        "integral: the baseline stays in",
        f"{METERS}integral.py",
        "net = gross - baseline * seconds",
        "net = gross",
        PROPERTIES,
    ),
    Fault(
        "integral: a span ends a sample late",
        f"{METERS}integral.py",
        "steps[spans[:, 0]], steps[spans[:, 1]] = 1, -1",
        "steps[spans[:, 0]], steps[spans[:, 1] + 1] = 1, -1",
        PROPERTIES,
    ),
    Fault(
        "trust: a gap of one sample is believed",
        f"{METERS}trust.py",
        "np.flatnonzero(np.diff(trace.numbers) != 1)",
        "np.flatnonzero(np.diff(trace.numbers) > 2)",
        REFUSED,
    ),
    Fault(
        "trust: spikes count upwards only",
        f"{METERS}trust.py",
        "np.flatnonzero(spikes | dips)",
        "np.flatnonzero(spikes)",
        REFUSED,
    ),
    Fault(
        "trust: any sample rate will do",
        f"{METERS}trust.py",
        "SPACING = 0.02",
        "SPACING = 0.2",
        REFUSED,
    ),
    Fault(
        "markers: any number of pulses will do",
        f"{METERS}pulses.py",
        "if len(found) != expected:",
        "if len(found) < expected:",
        REFUSED,
    ),
    Fault(
        "firmware: the marker stays up after a repetition",
        "firmware/link/verbs.c",
        "        }\n    }\n    esnn_port_marker(0);",
        "        }\n    }",
        FIRMWARE,
    ),
)
