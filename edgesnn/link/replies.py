"""What the device's answers mean."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from edgesnn.errors import LinkError
from edgesnn.integer import Array
from edgesnn.link.protocol import Held

RESULT = struct.Struct("<IQI")
HEARD = struct.Struct("<IQ")
STOP = struct.Struct("<HII")
LABELLED = struct.Struct("<IBQII")
COUNTERS = struct.Struct("<QQIII")
STACK = struct.Struct("<II")
STORED = struct.Struct("<BIIIII")
RECALLED = struct.Struct("<I")


@dataclass(frozen=True)
class StepResult:
    """A step or a run has ended. Figures are since the last reset, which a run begins with.

    digest: CRC-32 over every node's output and the state memory of each step in mode DIGEST. count: what the counter
    counted, overhead included. decision: the class. output: (classes,) int64 of the last step.
    """

    digest: int
    count: int
    decision: int
    output: Array


@dataclass(frozen=True)
class Heard:
    """Samples have been heard. steps: time steps since reset; count: what the counter counted in the front end since
    then, without the overhead of counting. result: of the last step."""

    steps: int
    count: int
    result: StepResult


@dataclass(frozen=True)
class Labelled:
    """A sample has ended: its class, and whether it was learned. What the counter counted of it, without the overhead
    of counting: all its steps up to the scores, the errors of its spikes, and moving weights and thresholds."""

    decision: int
    learned: bool
    forward: int
    backward: int
    update: int


@dataclass(frozen=True)
class Stored:
    """What the newest slot of the device's flash holds. sequence: how often something was stored before; version: of
    the form; network: whose it is; bytes: without the slot's header; own: the device's network."""

    held: Held
    sequence: int
    version: int
    network: int
    bytes: int
    own: int


@dataclass(frozen=True)
class Stop:
    """A step waits behind a node: its index, its output's bytes and their CRC-32."""

    node: int
    bytes: int
    crc: int


@dataclass(frozen=True)
class Counters:
    """Since reset. Overheads: of a step, of a hook in a step's total, of a hook in its node's count."""

    steps: int
    total: int
    step_overhead: int
    hook_in_total: int
    hook_in_node: int


@dataclass(frozen=True)
class Stack:
    """Bytes of stack: reserved, and the most that were used since the start."""

    reserved: int
    used: int


def unpack(where: str, form: struct.Struct, body: bytes) -> tuple[int, ...]:
    """The integers of a body of exactly that form. Raises LinkError otherwise."""
    if len(body) != form.size:
        raise wrong_length(where, len(body), form.size)
    return form.unpack(body)


def wrong_length(where: str, got: int, wanted: int) -> LinkError:
    problem = f"the device answers {got} bytes where {wanted} are due"
    return LinkError(where, problem, "Flash it with edgesnn deploy, or check the port")
