"""Reading a serial port in the background, so that nothing is lost while the board is talked to."""

from __future__ import annotations

import threading
import time

import numpy as np

from edgesnn.link import Line, LineLostError
from edgesnn.profiling.meters.trace import Floats

CHUNK = 1 << 16
LOOK_S = 0.05  # how often a silent port is left to see whether the capture has ended


class Stream:
    """Everything that a port receives from now on until `stop`, with the times at which it came."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._parts: list[bytes] = []
        self._times: list[float] = []
        self._error: LineLostError | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._read, name="edgesnn-meter", daemon=True)
        self._thread.start()

    def stop(self) -> tuple[bytes, Floats]:
        """(bytes, (m, 2) how many had come and when). Raises LineLostError where the port was lost meanwhile."""
        self._done.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        counts = np.cumsum([len(part) for part in self._parts], dtype=np.float64)
        return b"".join(self._parts), np.stack((counts, np.array(self._times)), axis=1)

    def _read(self) -> None:
        try:
            while not self._done.is_set():
                part = self._line.read(time.monotonic() + LOOK_S, CHUNK)
                if part:
                    self._parts.append(part)
                    self._times.append(time.monotonic())
        except LineLostError as error:
            self._error = error
