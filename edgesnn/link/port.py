"""A serial port of any kind that pyserial knows, read frame by frame against a deadline."""

from __future__ import annotations

import contextlib
import select
import time
from typing import Any

from edgesnn.errors import LinkError
from edgesnn.link import frame
from edgesnn.link.protocol import MAX_FRAME_BYTES

POLL_S = 0.001  # between looks at a port that select() cannot wait for
WRITE_TIMEOUT_S = 10.0
CHUNK = 4096
CODED_LIMIT = MAX_FRAME_BYTES + MAX_FRAME_BYTES // 254 + 2
BROKEN = b"\xff"  # a block without its bytes: no frame
DRAIN_LIMIT = 64  # chunks dropped at most when a port floods


class Port:
    """Frames over an open pyserial port. Reading never waits past the deadline it is given.

    Every method raises LinkError when the port is lost.
    """

    def __init__(self, name: str, serial: Any) -> None:
        self.name = name
        self._serial = serial
        self._pending = bytearray()
        self.received = 0  # bytes, ever
        self._overlong = False  # more than a frame without a delimiter: dropped up to the next one

    def send(self, payload: bytes) -> None:
        self._write(frame.encode(payload))

    def send_delimiter(self) -> None:
        """Ends whatever half frame the device may have seen."""
        self._write(frame.DELIMITER)

    def receive(self, deadline: float) -> bytes | None:
        """What ends at the next delimiter: a payload, or b"" where it is no frame with a right CRC.

        None when time.monotonic() reaches the deadline first.
        """
        while (coded := self._take()) is None:
            if not self._fill(deadline):
                return None
        return frame.decode(coded) or b""

    def forget(self) -> None:
        """Drops what has been received so far."""
        for _ in range(DRAIN_LIMIT):
            if not self._read():
                break
        self._pending.clear()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the other end may have gone already
            self._serial.close()

    def _take(self) -> bytes | None:
        """What stands before the next delimiter, without empty frames; None while there is none."""
        while (end := self._pending.find(frame.DELIMITER)) >= 0:
            coded = bytes(self._pending[:end])
            del self._pending[: end + 1]
            if self._overlong:
                self._overlong = False
                return BROKEN
            if coded:
                return coded
        if len(self._pending) > CODED_LIMIT:
            self._pending.clear()
            self._overlong = True
        return None

    def _fill(self, deadline: float) -> bool:
        """Waits for more bytes; False when the deadline has come."""
        while (left := deadline - time.monotonic()) > 0:
            wait_for(self._serial, left)
            received = self._read()
            if received:
                self._pending += received
                self.received += len(received)
                return True
        return False

    def _read(self) -> bytes:
        try:
            return bytes(self._serial.read(CHUNK))
        except (OSError, TypeError) as error:  # a port closed while reading is a TypeError
            raise self._lost(error) from error

    def _write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except (OSError, TypeError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> LinkError:
        return LinkError(self.name, f"the connection is lost ({error})", "Check the cable, or start the emulator again")


def open_port(url: str, baud: int = 115200) -> Port:
    """Opens a device path ("/dev/ttyACM0", a pty) or a pyserial URL ("socket://host:port").

    Raises LinkError where it cannot be opened.
    """
    return Port(url, open_serial(url, baud))


def open_serial(url: str, baud: int, option: str = "--port") -> Any:
    """The pyserial object of a path or URL; reading it never waits. option: where the user names the port.

    Raises LinkError where it cannot be opened.
    """
    import serial

    try:
        exclusive = None if "://" in url else True
        return serial.serial_for_url(url, baudrate=baud, timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=exclusive)
    except (OSError, ValueError) as error:
        raise LinkError(url, f"cannot be opened ({error})", f"{_known_ports()} Name one with {option}") from error


def wait_for(serial: Any, seconds: float) -> None:
    """Returns when a port has something to read, or after that time."""
    try:
        select.select([serial.fileno()], [], [], seconds)
    except (AttributeError, OSError, ValueError):  # no descriptor: some URL handlers have none
        time.sleep(min(seconds, POLL_S))


def _known_ports() -> str:
    from serial.tools import list_ports

    names = sorted(port.device for port in list_ports.comports())
    return f"Serial ports here: {', '.join(names)}." if names else "No serial port is connected here."
