"""The marker pin of board `host`, and a supply current that follows it."""

from __future__ import annotations

import os
import select
import threading
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.profiling.meters.kit import Floats


class Pin:
    """A pipe that the firmware writes its marker's edges to; as a scene, a board that draws more while it is up."""

    def __init__(self, folder: Path, idle_a: float, active_a: float) -> None:
        self.name = folder / "marker"
        os.mkfifo(self.name)
        self.pipe = os.open(self.name, os.O_RDWR | os.O_NONBLOCK)  # for writing too: no end when the firmware ends
        self.idle_a, self.active_a = idle_a, active_a
        self.times, self.levels = [0.0], [False]
        self.rng = np.random.default_rng(2)
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()

    def __call__(self, since: Floats, now: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        known = len(self.levels)
        marker = np.array(self.levels[:known])[np.searchsorted(self.times[:known], now, "right") - 1]
        level = np.where(marker, self.active_a, self.idle_a)
        return level * (1 + 0.01 * self.rng.standard_normal(len(since))), marker

    @property
    def edges(self) -> int:
        return len(self.levels) - 1

    def close(self) -> None:
        self.done.set()
        self.thread.join(10)
        os.close(self.pipe)

    def _watch(self) -> None:
        while not self.done.is_set():
            if select.select([self.pipe], [], [], 0.05)[0]:
                for edge in os.read(self.pipe, 1000):
                    self.times.append(time.monotonic())
                    self.levels.append(edge == ord("1"))
