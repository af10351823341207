"""Reading a serial port in the background, so that nothing is lost while the board is talked to."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np

from edgesnn.link import wait_for
from edgesnn.profiling.meters.trace import Floats

CHUNK = 1 << 16
LOOK_S = 0.05  # how often a silent port is left to see whether the capture has ended


class Stream:
    """Everything that a port receives from now on until `stop`, with the times at which it came."""

    def __init__(self, serial: Any) -> None:
        self._serial = serial
        self._parts: list[bytes] = []
        self._times: list[float] = []
        self._error: Exception | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._read, name="edgesnn-meter", daemon=True)
        self._thread.start()

    def stop(self) -> tuple[bytes, Floats]:
        """(bytes, (m, 2) how many had come and when). Raises what ended the reading early: OSError, TypeError."""
        self._done.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        counts = np.cumsum([len(part) for part in self._parts], dtype=np.float64)
        return b"".join(self._parts), np.stack((counts, np.array(self._times)), axis=1)

    def _read(self) -> None:
        try:
            while not self._done.is_set():
                wait_for(self._serial, LOOK_S)
                part = bytes(self._serial.read(CHUNK))
                if part:
                    self._parts.append(part)
                    self._times.append(time.monotonic())
        except (OSError, TypeError) as error:  # unplugged; a port closed while reading is a TypeError
            self._error = error
