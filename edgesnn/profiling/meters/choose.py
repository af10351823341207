"""Which meter: `KIND:PORT`, as the command line gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgesnn.errors import ConfigError
from edgesnn.profiling.meters.joulescope import Joulescope
from edgesnn.profiling.meters.meter import Meter
from edgesnn.profiling.meters.ppk2 import Ppk2
from edgesnn.profiling.meters.ppk2.commands import Mode
from edgesnn.target import nearest


def ppk2(mode: Mode) -> Callable[[str, float | None], Meter]:
    def open_it(port: str, voltage_v: float | None) -> Meter:
        if not port:
            raise ConfigError("--meter", "names no port", "Write it behind a colon, as in ppk2:/dev/ttyACM1")
        return Ppk2(port, mode, voltage_v)

    return open_it


def joulescope(serial: str, voltage_v: float | None) -> Meter:
    if voltage_v is not None:
        raise ConfigError("--voltage", "a Joulescope measures the voltage", "Leave --voltage out")
    return Joulescope(serial)


METERS: Mapping[str, Callable[[str, float | None], Meter]] = {
    "ppk2": ppk2(Mode.SOURCE_METER),
    "ppk2-ampere": ppk2(Mode.AMPERE_METER),
    "joulescope": joulescope,
}
"""By the kind's name: what opens it, given the port and the supply voltage if the user says one."""


def open_meter(words: str, voltage_v: float | None = None) -> Meter:
    """Opens KIND or KIND:PORT. Raises ConfigError on an unknown kind or a missing or wrong voltage, ToolError,
    LinkError and MeterError where the meter cannot be had."""
    kind, _, port = words.partition(":")
    if kind not in METERS:
        raise ConfigError("--meter", f"{kind!r} is no kind of meter", nearest(kind, METERS))
    return METERS[kind](port, voltage_v)
