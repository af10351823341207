"""A serial line of any kind that pyserial knows: bytes, read against a deadline."""

from __future__ import annotations

import contextlib
import select
import time
from typing import Any

from edgesnn.errors import LinkError

try:
    from termios import error as SettingError
except ImportError:  # Windows, where pyserial has errors of its own only
    SettingError = OSError  # type: ignore[misc,assignment]

POLL_S = 0.001  # between looks at a line that select() cannot wait for
WRITE_TIMEOUT_S = 10.0
CHUNK = 4096
DRAIN_LIMIT = 64  # chunks dropped at most when a line floods
NO_PARITY, EVEN_PARITY = "none", "even"
PARITIES = {NO_PARITY: "N", EVEN_PARITY: "E"}  # as pyserial names them


class LineLostError(LinkError):
    """The other end has gone: nothing will come any more."""


class Line:
    """Bytes over an open pyserial port. Reading never waits past the deadline it is given.

    Every method raises LineLostError when the port is lost.
    """

    def __init__(self, name: str, serial: Any) -> None:
        self.name = name
        self._serial = serial

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except (OSError, TypeError) as error:  # a port closed meanwhile is a TypeError
            raise self._lost(error) from error

    def read(self, deadline: float, most: int = CHUNK) -> bytes:
        """What has come, at least one byte and at most `most`; b"" when time.monotonic() reaches the deadline first."""
        while (left := deadline - time.monotonic()) > 0:
            self._wait(left)
            if received := self._read(most):
                return received
        return b""

    def forget(self) -> bytes:
        """Drops what has been received so far, and gives it to whoever wants to know."""
        dropped = bytearray()
        for _ in range(DRAIN_LIMIT):
            received = self._read(CHUNK)
            if not received:
                break
            dropped += received
        return bytes(dropped)

    def set_pin(self, pin: str, level: bool) -> bool:
        """Sets "dtr" or "rts"; False where this kind of port has no such pin, as a pseudo-terminal."""
        try:
            setattr(self._serial, pin, level)
        except (OSError, AttributeError):
            return False
        return True

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the other end may have gone already
            self._serial.close()

    def _wait(self, seconds: float) -> None:
        try:
            select.select([self._serial.fileno()], [], [], seconds)
        except (AttributeError, OSError, ValueError):  # no descriptor: some URL handlers have none
            time.sleep(min(seconds, POLL_S))

    def _read(self, most: int) -> bytes:
        try:
            return bytes(self._serial.read(most))
        except (OSError, TypeError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> LineLostError:
        problem = f"the connection is lost ({error})"
        return LineLostError(self.name, problem, "Check the cable, or start the emulator again")


def open_line(url: str, baud: int = 115200, parity: str = NO_PARITY, option: str = "--port") -> Line:
    """Opens a device path ("/dev/ttyACM0", a pty) or a pyserial URL ("socket://host:port"), which `option` named.

    Raises LinkError where it cannot be opened.
    """
    import serial

    try:
        exclusive = None if "://" in url else True
        opened = serial.serial_for_url(
            url, baudrate=baud, parity=PARITIES[parity], timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=exclusive
        )
    except (OSError, ValueError, SettingError) as error:  # the last: a setting that this kind of port refuses
        raise LinkError(url, f"cannot be opened ({error})", f"{known_ports()} Name one with {option}") from error
    return Line(url, opened)


def known_ports() -> str:
    """A sentence for messages."""
    from serial.tools import list_ports

    names = sorted(port.device for port in list_ports.comports())
    return f"Serial ports here: {', '.join(names)}." if names else "No serial port is connected here."
