"""From a code of the PPK2's converter to amperes, by the calibration that the kit tells in its metadata."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import MeterError
from edgesnn.profiling.meters.trace import Floats, Integers

RANGES = 5
KEYS = ("R", "GS", "GI", "O", "S", "I", "UG")
LINE = re.compile(r"([A-Za-z]+[0-9]?): (\S+)")
CODE_FACTOR = 4  # the stream carries the upper 14 bits of a 16-bit sum
REFERENCE = 1.8 / 163_840  # volts of one step of that sum
REMEDY = "Plug the kit in again; where it stays so, update its firmware with Nordic's application"


@dataclass(frozen=True)
class Calibration:
    """One value a range (0 the most sensitive): shunt in ohm, gains, offsets. vdd_mv: the source voltage now set."""

    r: Floats
    gs: Floats
    gi: Floats
    o: Floats
    s: Floats
    i: Floats
    ug: Floats
    vdd_mv: int

    def amperes(self, codes: Integers, ranges: Integers, vdd_mv: int) -> Floats:
        """Current of 14-bit codes (n,) in ranges (n,) at a source voltage:
        UG (x (GS x + GI) + S vdd + I) with x = (4 code - O) 1.8 / 163840 / R, vdd in volts."""
        x = (CODE_FACTOR * codes - self.o[ranges]) * REFERENCE / self.r[ranges]
        amperes: Floats = self.ug[ranges] * (
            x * (self.gs[ranges] * x + self.gi[ranges]) + self.s[ranges] * (vdd_mv / 1000) + self.i[ranges]
        )
        return amperes

    @property
    def resolution_a(self) -> Floats:
        """(5,) amperes of one code in every range."""
        return CODE_FACTOR * REFERENCE / self.r * np.abs(self.ug * self.gi)


def parse(where: str, text: bytes) -> Calibration:
    """The metadata text. Raises MeterError unless it is complete and every value makes sense."""
    values = fields(where, text)
    missing = [name for name in (*(f"{key}{k}" for key in KEYS for k in range(RANGES)), "VDD") if name not in values]
    if missing:
        raise garbled(where, f"{', '.join(missing[:5])} missing")
    columns = {key.lower(): np.array([number(where, values, f"{key}{k}") for k in range(RANGES)]) for key in KEYS}
    vdd = number(where, values, "VDD")
    if (columns["r"] <= 0).any() or (columns["gi"] <= 0).any() or (columns["ug"] <= 0).any() or vdd != int(vdd):
        raise garbled(where, "a shunt, a gain or a voltage that cannot be")
    return Calibration(**columns, vdd_mv=int(vdd))


def fields(where: str, text: bytes) -> dict[str, str]:
    """The lines "NAME: value" before END."""
    try:
        lines = text.decode("ascii").split()
    except UnicodeDecodeError as error:
        raise garbled(where, "bytes that are no text") from error
    found: dict[str, str] = {}
    shown = " ".join(lines)
    parts = LINE.findall(shown)
    if f"{' '.join(f'{name}: {value}' for name, value in parts)} END" != shown:
        raise garbled(where, f"not lines of a name and a value: {shown[:60]!r}")
    for name, value in parts:
        if name in found:
            raise garbled(where, f"{name} twice")
        found[name] = value
    return found


def number(where: str, values: dict[str, str], name: str) -> float:
    try:
        value = float(values[name])
    except ValueError as error:
        raise garbled(where, f"{name} is {values[name]!r}") from error
    if not math.isfinite(value):
        raise MeterError(where, f"not calibrated: {name} is {values[name]}", REMEDY)
    return value


def garbled(where: str, problem: str) -> MeterError:
    return MeterError(where, f"garbled metadata: {problem}", REMEDY)
