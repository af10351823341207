"""Arguments and options that several verbs share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from edgesnn.errors import ConfigError

model = click.argument("model", required=False)
target = click.option("--target", metavar="NAME", help="Where to run: a name of `edgesnn targets`.")
board = click.option("--board", metavar="NAME", help="Which board: a name of `edgesnn boards`.")
port = click.option("--port", metavar="PORT", help="Serial port of a real board, or a socket:// address.")
samples = click.option("--samples", type=click.IntRange(1, 1_000_000), metavar="N", help="How many samples to run.")
out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the files.")
table = click.option("--energy-table", "table", metavar="NAME", help="Energy table to use instead of the board's own.")
meter = click.option("--meter", metavar="KIND:PORT", help="Power meter to measure with, such as ppk2:/dev/ttyACM1.")
voltage = click.option("--voltage", type=float, metavar="VOLTS", help="The board's supply; a ppk2 then gives it.")
marker = click.option(
    "--marker", type=click.Choice(("pin", "link")), help="What tells the meter when inferences run. [default: pin]"
)
window = click.option(
    "--window", type=click.FloatRange(0.1, 600), metavar="SECONDS", help="What a metered window lasts. [default: 10]"
)


def metered(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a power meter; the command gets them as one, `metering`."""

    @functools.wraps(command)
    def with_metering(
        meter: str | None, voltage: float | None, marker: str | None, window: float | None, **options: Any
    ) -> Any:
        return command(metering=metering_of(meter, voltage, marker, window), **options)

    return meter(voltage(marker(window(with_metering))))


def metering_of(meter: str | None, voltage: float | None, marker: str | None, window: float | None) -> Any:
    """An edgesnn.api.Metering, or None. Raises ConfigError for options of a meter where there is none."""
    from edgesnn.api import Metering
    from edgesnn.profiling.meters import Protocol

    if meter is None:
        for name, value in (("--voltage", voltage), ("--marker", marker), ("--window", window)):
            if value is not None:
                raise ConfigError(name, "makes sense with a power meter only", "Add --meter KIND:PORT, or leave it out")
        return None
    default = Protocol()
    return Metering(meter, voltage, Protocol(seconds=window or default.seconds, marker=marker or default.marker))
