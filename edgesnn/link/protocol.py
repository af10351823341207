"""The protocol's numbers, as firmware/link/protocol.h has them (a test compares the two)."""

from __future__ import annotations

import enum

VERSION = 1
REQUEST_HEADER = 3  # version, sequence, verb
REPLY_HEADER = 4  # version, sequence, verb, status
CRC_BYTES = 4
MAX_BODY_BYTES = 65535  # what a device can declare at most
MAX_FRAME_BYTES = REPLY_HEADER + MAX_BODY_BYTES + CRC_BYTES


class Verb(enum.IntEnum):
    """What the host asks for."""

    IDENTIFY = 1
    RESET = 2
    LOAD = 3
    STEP = 4
    RUN = 5
    RESUME = 6
    READ = 7
    COUNTERS = 8
    STACK = 9
    LOAD_RUNS = 10
    HEAR = 11
    HEAR_END = 12
    REPEAT = 13
    WRITE = 14
    SPIKES = 15
    LABEL = 16
    LEARNING = 17
    STORE = 18
    RECALL = 19
    STORED = 20


class Status(enum.IntEnum):
    """What the device answers."""

    OK = 0
    STOPPED = 1
    GARBLED = 2
    BAD_VERSION = 3
    BAD_VERB = 4
    BAD_LENGTH = 5
    BAD_RANGE = 6
    BAD_INPUT = 7
    NOT_NOW = 8
    UNSUPPORTED = 9
    NOT_STORED = 10


class Area(enum.IntEnum):
    """Memory that can be read."""

    OUTPUT = 0
    STATE = 1
    NODE = 2
    COUNTERS = 3
    WEIGHTS = 4
    MASTERS = 5
    THRESHOLDS = 6
    TALLY = 7


class Mode(enum.IntFlag):
    """How steps are observed."""

    NONE = 0
    DIGEST = 1
    COUNT = 2
    STOP = 4


class Learn(enum.IntEnum):
    """What becomes of labelled samples: nothing; they are learned; and all that was learned is forgotten."""

    OFF = 0
    ON = 1
    AFRESH = 2


class Held(enum.IntEnum):
    """What the newest slot of a device's flash holds: nothing whole, another network's (or version's), its own."""

    NOTHING = 0
    ANOTHERS = 1
    OWN = 2


class Counter(enum.IntEnum):
    """What a device's counter counts."""

    NONE = 0
    INSTRUCTIONS = 1
    CYCLES = 2
