"""A serial port of any kind that pyserial knows, read frame by frame against a deadline."""

from __future__ import annotations

from edgesnn.link import frame
from edgesnn.link.line import Line, open_line
from edgesnn.link.protocol import MAX_FRAME_BYTES

CODED_LIMIT = MAX_FRAME_BYTES + MAX_FRAME_BYTES // 254 + 2
BROKEN = b"\xff"  # a block without its bytes: no frame


class Port:
    """Frames over an open line. Reading never waits past the deadline it is given.

    Every method raises LineLostError when the port is lost.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self._pending = bytearray()
        self.received = 0  # bytes, ever
        self._overlong = False  # more than a frame without a delimiter: dropped up to the next one

    @property
    def name(self) -> str:
        return self.line.name

    def send(self, payload: bytes) -> None:
        self.line.write(frame.encode(payload))

    def send_delimiter(self) -> None:
        """Ends whatever half frame the device may have seen."""
        self.line.write(frame.DELIMITER)

    def receive(self, deadline: float) -> bytes | None:
        """What ends at the next delimiter: a payload, or b"" where it is no frame with a right CRC.

        None when time.monotonic() reaches the deadline first.
        """
        while (coded := self._take()) is None:
            received = self.line.read(deadline)
            if not received:
                return None
            self._pending += received
            self.received += len(received)
        return frame.decode(coded) or b""

    def forget(self) -> None:
        """Drops what has been received so far."""
        self.line.forget()
        self._pending.clear()

    def close(self) -> None:
        self.line.close()

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


def open_port(url: str, baud: int = 115200) -> Port:
    """Opens a port for frames. Raises LinkError where it cannot be opened."""
    return Port(open_line(url, baud))
