"""The PPK2's stream: 32 bits a sample, little-endian.

bits 0-13 the converter's code, 14-16 the range, 18-23 a counter of samples, 24-31 the logic inputs D0 to D7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.errors import MeterError
from edgesnn.profiling.meters.ppk2.calibration import RANGES
from edgesnn.profiling.meters.trace import Integers

WORD = 4
TOP_CODE = (1 << 14) - 1
COUNTS = 64
STEADY = 0.9
"""The counter counts on from word to word but where samples are lost; where it mostly does not, these are no words."""


@dataclass(frozen=True)
class Samples:
    """(n,) each. numbers: the counter without its wrapping; a loss of a multiple of 64 it cannot tell."""

    codes: Integers
    ranges: Integers
    numbers: Integers
    logic: Integers


def unpack(where: str, stream: bytes) -> Samples:
    """The samples of a stream that begins with one; a last word that is not complete is left out.

    Raises MeterError where the bytes are out of step.
    """
    words = np.frombuffer(stream[: len(stream) // WORD * WORD], "<u4").astype(np.int64)
    ranges, counter = (words >> 14) & 7, (words >> 18) & (COUNTS - 1)
    steps = np.diff(counter) % COUNTS
    sound = (steps == 1) & (ranges[1:] < RANGES)
    if len(sound) and (sound.mean() < STEADY or (ranges >= RANGES).any()):
        at = int(np.argmin(sound)) + 1
        raise MeterError(
            where,
            f"out of step: what it sends stops making sense at sample {at:,}",
            "Bytes were lost on the way: plug the meter in directly and not through a hub",
        )
    numbers = np.concatenate(([0], np.cumsum(np.where(steps == 0, COUNTS, steps)))) if len(words) else words
    return Samples(words & TOP_CODE, ranges, numbers, words >> 24)
