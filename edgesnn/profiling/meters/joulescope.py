"""Joulescope JS110, JS220 or JS320, through its maker's driver, which is an optional extra.

The driver's calls and topics are those of pyjoulescope_driver 2.2 (entry_points/record.py and read.py there tell which
samples come how). Nothing here has run on a real Joulescope.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from edgesnn.errors import MeterError, ToolError
from edgesnn.profiling.meters.meter import Meter
from edgesnn.profiling.meters.trace import Floats, Integers, Trace

INSTALL = "pip install 'edgesnn[joulescope]'"
SIGNALS = {"current": "s/i", "voltage": "s/v", "marker": "s/gpi/0"}
RANGE_MODES = {"js110": "s/i/range/select"}
RANGE_MODE = "s/i/range/mode"
SMALLEST_STEP_A = 1.5e-9  # JS110, most sensitive range, from memory; the driver does not tell the others'
HIGHEST_A = 3.0  # from memory
SETTLE_S = 0.1


class Joulescope(Meter):
    """A Joulescope between supply and board. The marker is general-purpose input 0.

    Args:
        serial: the end of its device path, such as a serial number; empty for the only one that is connected.

    Raises ToolError where the driver is not installed, MeterError where there is no such meter.
    """

    name = "Joulescope"
    table = "joulescope"
    voltage = "measured with every sample"
    dead_time = "not told by its driver"

    def __init__(self, serial: str) -> None:
        self.where = f"joulescope {serial}".strip()
        self._module = driver(self.where)
        self._driver: Any = self._module.Driver()
        self._messages: dict[str, list[Mapping[str, Any]]] = {}
        self._arrivals: list[tuple[float, float]] = []
        self._device = ""
        # kept, because the driver knows a subscription by the very object
        self._receivers = {"current": self._current, "voltage": self._voltage, "marker": self._marker}
        try:
            self._device = self._only(serial)
            self._ask("open", self._device)
            mode = next((topic for model, topic in RANGE_MODES.items() if model in self._device), RANGE_MODE)
            self._ask("publish", f"{self._device}/{mode}", "auto")
        except BaseException:
            self.close()
            raise

    def arm(self) -> None:
        self._messages, self._arrivals = {name: [] for name in SIGNALS}, []
        for name, topic in SIGNALS.items():
            self._ask("subscribe", f"{self._device}/{topic}/!data", "pub", self._receivers[name])
            self._ask("publish", f"{self._device}/{topic}/ctrl", 1)
        time.sleep(SETTLE_S)

    def disarm(self) -> Trace:
        stopped_s = time.monotonic()
        for name, topic in SIGNALS.items():
            self._ask("publish", f"{self._device}/{topic}/ctrl", 0)
            self._ask("unsubscribe", f"{self._device}/{topic}/!data", self._receivers[name])
        return trace_of(self.where, self._messages, np.array(self._arrivals).reshape(-1, 2), stopped_s)

    def close(self) -> None:
        self._driver.finalize()

    def _current(self, topic: str, message: Mapping[str, Any]) -> None:
        self._messages["current"].append(message)
        before = self._arrivals[-1][0] if self._arrivals else 0.0
        self._arrivals.append((before + len(message["data"]), time.monotonic()))

    def _voltage(self, topic: str, message: Mapping[str, Any]) -> None:
        self._messages["voltage"].append(message)

    def _marker(self, topic: str, message: Mapping[str, Any]) -> None:
        self._messages["marker"].append(message)

    def _only(self, serial: str) -> str:
        paths = sorted(self._ask("device_paths"))
        fitting = [path for path in paths if path.lower().endswith(serial.lower())]
        if len(fitting) == 1:
            return str(fitting[0])
        problem = f"{len(fitting)} of the connected meters fit: {', '.join(map(str, paths)) or 'none is connected'}"
        raise MeterError(self.where, problem, "Connect it, or name one as joulescope:SERIAL")

    def _ask(self, what: str, *arguments: Any) -> Any:
        try:
            return getattr(self._driver, what)(*arguments)
        except (RuntimeError, ValueError, TimeoutError, OSError) as error:
            raise MeterError(self.where, f"{what} fails ({error})", "Plug the meter in again") from error


def driver(where: str) -> ModuleType:
    """The maker's package. Raises ToolError where it is not installed."""
    try:
        import pyjoulescope_driver
    except ImportError as error:
        raise ToolError(where, f"needs the meter's driver ({error})", f"Run {INSTALL}") from error
    found: ModuleType = pyjoulescope_driver
    return found


def trace_of(where: str, messages: Mapping[str, list[Mapping[str, Any]]], arrivals: Floats, stopped_s: float) -> Trace:
    """Current, voltage and marker where all three are there. Raises MeterError where one is not, or runs at another
    rate."""
    parts = {name: joined(where, name, found) for name, found in messages.items()}
    rates = {rate for rate, _, _ in parts.values()}
    if len(rates) != 1:
        problem = f"wrong sample spacing: current, voltage and marker come at {sorted(rates)} samples a second"
        raise MeterError(where, problem, "Set the meter to its full rate")
    first = max(int(numbers[0]) for _, numbers, _ in parts.values())
    last = min(int(numbers[-1]) for _, numbers, _ in parts.values())
    shared = {name: (numbers >= first) & (numbers <= last) for name, (_, numbers, _) in parts.items()}
    cut = {name: values[shared[name]] for name, (_, _, values) in parts.items()}
    if len({len(values) for values in cut.values()}) != 1 or first > last:
        problem = "lost samples: current, voltage and marker do not have the same samples"
        raise MeterError(where, problem, "Close other programs, and plug the meter in directly")
    (rate,) = rates
    return Trace(
        where=where,
        rate_hz=rate,
        current_a=cut["current"],
        voltage_v=cut["voltage"],
        marker=cut["marker"].astype(bool),
        numbers=parts["current"][1][shared["current"]],
        resolution_a=np.array(SMALLEST_STEP_A),
        clipped=np.abs(cut["current"]) > HIGHEST_A,
        ranges=None,
        top_range=0,
        arrivals=arrivals,
        stopped_s=stopped_s,
    )


def joined(where: str, name: str, messages: list[Mapping[str, Any]]) -> tuple[float, Integers, Floats]:
    """(samples a second, number of every sample, values) of one signal's messages; one bit a sample where packed."""
    if not messages:
        raise MeterError(where, f"silent meter: no {name} came", "Plug the meter in again")
    factor = int(messages[0]["decimate_factor"])
    values = [np.asarray(message["data"]) for message in messages]
    if name == "marker":
        values = [np.unpackbits(packed.view(np.uint8), bitorder="little") for packed in values]
    starts = [int(message["sample_id"]) // factor for message in messages]
    numbers = [start + np.arange(len(part), dtype=np.int64) for start, part in zip(starts, values, strict=True)]
    rate = float(messages[0]["sample_rate"]) / factor
    return rate, np.concatenate(numbers), np.concatenate(values).astype(np.float64)
