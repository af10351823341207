"""What the PPK2 is told: a command byte and its arguments."""

from __future__ import annotations

import enum


class Command(enum.IntEnum):
    """The command bytes that are used here."""

    AVERAGE_START = 0x06  # begins to stream samples
    AVERAGE_STOP = 0x07
    DEVICE_RUNNING_SET = 0x0C  # 1 or 0: the board's power
    REGULATOR_SET = 0x0D  # source voltage in mV, u16 big-endian
    SET_POWER_MODE = 0x11  # a Mode
    GET_METADATA = 0x19  # answered with a text


class Mode(enum.IntEnum):
    """Which way the current goes: through VIN and VOUT, or from the kit's own regulator."""

    AMPERE_METER = 1
    SOURCE_METER = 2


VOLTAGE_MV = range(800, 5001)
METADATA_END = b"END"
