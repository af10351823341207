"""The PPK2 as a meter: one serial port, a few command bytes, a stream of samples."""

from __future__ import annotations

import contextlib
import time

import numpy as np

from edgesnn.errors import ConfigError, MeterError
from edgesnn.link import Line, LineLostError, open_line
from edgesnn.profiling.meters.meter import Meter
from edgesnn.profiling.meters.ppk2.calibration import RANGES, Calibration, parse
from edgesnn.profiling.meters.ppk2.commands import METADATA_END, VOLTAGE_MV, Command, Mode
from edgesnn.profiling.meters.ppk2.samples import TOP_CODE, WORD, unpack
from edgesnn.profiling.meters.stream import Stream
from edgesnn.profiling.meters.trace import Trace

BAUD = 115200  # USB: any will do
RATE_HZ = 100_000.0
ANSWER_S = 2.0
QUIET_S = 0.05
LONGEST_TEXT = 4096
MARKER_BIT = 1  # D0
MOST_A = 1.0  # the converter has room for more, the kit has not


class Ppk2(Meter):
    """A kit on a serial port, set up and with the board's power on.

    Args:
        voltage_v: in source meter mode what the kit supplies to the board; in ampere meter mode what the board's own
            supply has, which the kit does not measure.

    Raises LinkError, MeterError where the kit does not answer or answers nonsense, ConfigError for the voltage.
    """

    name = "Nordic Power Profiler Kit II"
    table = "ppk2"
    dead_time = "none between samples; the first ones after a change of range may be wrong"

    def __init__(self, port: str, mode: Mode, voltage_v: float | None) -> None:
        self.where, self.mode = f"ppk2 on {port}", mode
        self._millivolts = millivolts(self.where, mode, voltage_v)
        self.voltage = "supplied by the meter" if mode is Mode.SOURCE_METER else "as stated, not measured"
        self._line: Line = open_line(port, BAUD, option="--meter")
        self._stream: Stream | None = None
        try:
            self._send(Command.AVERAGE_STOP)
            self._drain()
            self._send(Command.GET_METADATA)
            self._calibration: Calibration = parse(self.where, self._text())
            self._send(Command.SET_POWER_MODE, mode)
            if mode is Mode.SOURCE_METER:
                self._send(Command.REGULATOR_SET, *self._millivolts.to_bytes(2, "big"))
            self._send(Command.DEVICE_RUNNING_SET, 1)
        except BaseException:
            self.close()
            raise

    def arm(self) -> None:
        self._drain()
        self._send(Command.AVERAGE_START)
        self._stream = Stream(self._line)

    def disarm(self) -> Trace:
        assert self._stream is not None, "disarmed without being armed"
        stream, self._stream = self._stream, None
        stopped_s = time.monotonic()
        try:
            raw, arrivals = stream.stop()
        except LineLostError as error:
            raise self._lost(error) from error
        self._send(Command.AVERAGE_STOP)
        if len(raw) < WORD:
            raise self._silent("no sample came")
        found = unpack(self.where, raw)
        vdd_mv = self._millivolts if self.mode is Mode.SOURCE_METER else self._calibration.vdd_mv
        current = self._calibration.amperes(found.codes, found.ranges, vdd_mv)
        return Trace(
            where=self.where,
            rate_hz=RATE_HZ,
            current_a=current,
            voltage_v=np.array(self._millivolts / 1000),
            marker=(found.logic & MARKER_BIT).astype(bool),
            numbers=found.numbers,
            resolution_a=self._calibration.resolution_a[found.ranges],
            clipped=(found.codes == TOP_CODE) | (current > MOST_A),
            ranges=found.ranges,
            top_range=RANGES - 1,
            arrivals=arrivals / (WORD, 1),
            stopped_s=stopped_s,
        )

    def close(self) -> None:
        stream, self._stream = self._stream, None
        with contextlib.suppress(LineLostError, MeterError):  # whatever is wrong has been said already
            if stream is not None:
                stream.stop()
                self._send(Command.AVERAGE_STOP)
        self._line.close()

    def _send(self, command: Command, *arguments: int) -> None:
        try:
            self._line.write(bytes((command, *arguments)))
        except LineLostError as error:
            raise self._lost(error) from error

    def _read(self, seconds: float) -> bytes:
        try:
            return self._line.read(time.monotonic() + seconds, LONGEST_TEXT)
        except LineLostError as error:
            raise self._lost(error) from error

    def _drain(self) -> None:
        """Drops what an earlier capture left, until nothing has come for a while."""
        deadline = time.monotonic() + ANSWER_S
        while self._read(QUIET_S):
            if time.monotonic() > deadline:
                raise MeterError(self.where, "does not stop sending", "Plug it in again, and check that it is a PPK2")

    def _text(self) -> bytes:
        """The metadata, which ends with END."""
        text, deadline = b"", time.monotonic() + ANSWER_S
        while METADATA_END not in text and len(text) < LONGEST_TEXT:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._silent(f"{len(text)} bytes and no end of its metadata came within {ANSWER_S:g} s")
            text += self._read(left)
        return text

    def _silent(self, problem: str) -> MeterError:
        remedy = "Check that the port is the kit's, try its other one if it has two, and plug it in again"
        return MeterError(self.where, f"silent meter: {problem}", remedy)

    def _lost(self, error: LineLostError) -> MeterError:
        return MeterError(self.where, error.problem, "Plug the meter in again")


def millivolts(where: str, mode: Mode, voltage_v: float | None) -> int:
    """Raises ConfigError where the voltage is not given or not one that the kit can have."""
    if voltage_v is None:
        what = "no supply voltage is set, and a wrong one can destroy the board"
        if mode is Mode.AMPERE_METER:
            what = "the supply's voltage is not known: the kit measures current only"
        raise ConfigError(where, what, "Add --voltage, in volts")
    wanted = round(voltage_v * 1000)
    if wanted not in VOLTAGE_MV:
        limits = f"{VOLTAGE_MV[0] / 1000:g} to {VOLTAGE_MV[-1] / 1000:g} V"
        raise ConfigError(where, f"a supply of {voltage_v:g} V is outside {limits}", "Give another --voltage")
    return wanted
