"""A PPK2 of our making on a pseudo-terminal: its commands byte by byte, and a current of known integral as samples."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edgesnn.profiling.meters.ppk2.calibration import REFERENCE, Calibration, parse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RATE = 100_000
TICK_S = 0.004
LIMITS_A = np.array([50e-6, 500e-6, 5e-3, 60e-3])  # where the kit goes to the next range
METADATA = """Calibrated: 0
R0: 1003.3506
R1: 101.5865
R2: 10.3027
R3: 0.9636
R4: 0.0564
GS0: 0.0000
GS1: 112.7890
GS2: 18.0115
GS3: 2.4217
GS4: 0.0729
GI0: 1.0000
GI1: 0.9695
GI2: 0.9609
GI3: 0.9519
GI4: 0.9582
O0: 112.9420
O1: 75.4627
O2: 64.6020
O3: 50.4983
O4: 87.2177
VDD: 3000
HW: 9173
mode: 2
S0: 0.000000048
S1: 0.000000596
S2: 0.000005281
S3: 0.000062577
S4: 0.002940743
I0: -0.000000104
I1: -0.000001443
I2: 0.000036439
I3: -0.000374119
I4: -0.009388455
UG0: 1.00
UG1: 1.00
UG2: 1.00
UG3: 1.00
UG4: 1.00
IA: 56
END
"""
CALIBRATION = parse("test", METADATA.encode())
ARGUMENTS = {0x06: 0, 0x07: 0, 0x0C: 1, 0x0D: 2, 0x11: 1, 0x19: 0}
"""Bytes behind each command."""


def codes_of(current: Floats, ranges: Integers, vdd_mv: int, by: Calibration = CALIBRATION) -> Integers:
    """The inverse of the calibration: the 14-bit code that comes nearest to a current in a range."""
    gs, gi = by.gs[ranges], by.gi[ranges]
    rest = by.s[ranges] * (vdd_mv / 1000) + by.i[ranges] - current / by.ug[ranges]
    x = -2 * rest / (gi + np.sqrt(gi**2 - 4 * gs * rest))  # of the two forms the one that takes a gain of 0
    return np.clip(np.rint((x * by.r[ranges] / REFERENCE + by.o[ranges]) / 4), 0, (1 << 14) - 1).astype(np.int64)


def ranges_of(current: Floats) -> Integers:
    return np.searchsorted(LIMITS_A, current)


def words_of(current: Floats, marker: npt.NDArray[np.bool_], first: int, vdd_mv: int) -> npt.NDArray[np.uint32]:
    """The stream's words of a current, the first of which is number `first`."""
    ranges = ranges_of(current)
    counter = (first + np.arange(len(current))) % 64
    logic = marker.astype(np.int64) | 0b1010_0100  # other inputs float as they like
    return (codes_of(current, ranges, vdd_mv) | ranges << 14 | counter << 18 | logic << 24).astype("<u4")


Scene = Callable[[Floats, Floats], tuple[Floats, npt.NDArray[np.bool_]]]
"""(seconds of samples since the capture began, on time.monotonic()) to (amperes, marker)."""
Fault = Callable[[npt.NDArray[np.uint32], int], npt.NDArray[np.uint32]]
"""(words, number of the first) to the words that are sent instead."""


def steady(idle_a: float, active_a: float, begin_s: float, end_s: float, noise_a: float = 0.0) -> Scene:
    """A board that is active, and marks it, for a stretch of every capture."""
    rng = np.random.default_rng(1)

    def scene(since: Floats, now: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        active = (since >= begin_s) & (since < end_s)
        level = np.where(active, active_a, idle_a)
        return level * (1 + 0.01 * rng.standard_normal(len(since))) + noise_a * rng.standard_normal(len(since)), active

    return scene


@dataclass
class Kit:
    """The kit's serial port is `port`. It remembers what it was told, and what it played."""

    scene: Scene
    fault: Fault = lambda words, first: words
    metadata: bytes = METADATA.encode()
    rate: float = RATE
    silent_after_s: float = float("inf")
    told: list[bytes] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    played: list[tuple[Floats, npt.NDArray[np.bool_]]] = field(default_factory=list)
    vdd_mv: int = 3000

    def __post_init__(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.done, self.pending = threading.Event(), b""
        self.began: float | None = None
        self.sent = 0
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self) -> None:
        self.done.set()
        self.thread.join(10)
        os.close(self.slave)
        os.close(self.master)

    def marked_joules(self, volts: float) -> list[float]:
        """By capture, the energy while the marker was up, as it was played."""
        return [float(current[marker].sum() * volts / RATE) for current, marker in self.captures()]

    def captures(self) -> list[tuple[Floats, npt.NDArray[np.bool_]]]:
        return self.played

    def _serve(self) -> None:
        while not self.done.is_set():
            if select.select([self.master], [], [], TICK_S)[0]:
                with contextlib.suppress(OSError):
                    self._hear(os.read(self.master, 4096))
            if self.began is not None:
                self._play(time.monotonic())

    def _hear(self, data: bytes) -> None:
        self.pending += data
        while self.pending:
            size = ARGUMENTS.get(self.pending[0])
            if size is None:
                self.wrong.append(self.pending[0])
                size = 0
            if len(self.pending) < 1 + size:
                return
            command, self.pending = self.pending[: 1 + size], self.pending[1 + size :]
            self.told.append(command)
            self._obey(command)

    def _obey(self, command: bytes) -> None:
        if command[0] == 0x19:
            self._send(self.metadata)
        elif command[0] == 0x0D:
            self.vdd_mv = int.from_bytes(command[1:], "big")
        elif command[0] == 0x06:
            self.began, self.sent = time.monotonic(), 0
            self.played.append((np.zeros(0), np.zeros(0, bool)))
        elif command[0] == 0x07:
            self.began = None

    def _play(self, now: float) -> None:
        assert self.began is not None
        due = int((now - self.began) * self.rate)
        if due <= self.sent or now - self.began > self.silent_after_s:
            return
        since = np.arange(self.sent, due) / RATE
        current, marker = self.scene(since, self.began + np.arange(self.sent, due) / self.rate)
        before = self.played[-1]
        self.played[-1] = np.concatenate((before[0], current)), np.concatenate((before[1], marker))
        self._send(self.fault(words_of(current, marker, self.sent, self.vdd_mv), self.sent).tobytes())
        self.sent = due

    def _send(self, data: bytes) -> None:
        while data and not self.done.is_set():
            if select.select([], [self.master], [], TICK_S)[1]:
                data = data[os.write(self.master, data[:2048]) :]


@contextlib.contextmanager
def playing(scene: Scene, **options: object) -> Iterator[Kit]:
    kit = Kit(scene, **options)  # type: ignore[arg-type]
    try:
        yield kit
    finally:
        kit.close()
