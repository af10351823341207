"""What a device says it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from edgesnn.errors import LinkError
from edgesnn.link.protocol import MAX_BODY_BYTES, Counter

FIXED = struct.Struct("<HBbbHIIII32s")
MIN_BODY_BYTES = 128
MAX_TEXT = 63


@dataclass(frozen=True)
class Identity:
    """The answer to IDENTIFY.

    body_bytes: longest body of a frame. build: SHA-256 of the generated sources that the firmware was built from.
    Sizes of input and output are elements, of the state memory bytes.
    """

    body_bytes: int
    counter: Counter
    input_low: int
    input_high: int
    nodes: int
    input_size: int
    output_size: int
    time_steps: int
    state_bytes: int
    build: bytes
    model: str
    port: str
    firmware: str

    @staticmethod
    def parse(where: str, body: bytes) -> Identity:
        """Raises LinkError unless the body is a well-formed identity."""
        if len(body) < FIXED.size:
            raise _nonsense(where, f"an identity of {len(body)} bytes")
        size, counter, low, high, nodes, inputs, outputs, steps, state, build = FIXED.unpack_from(body)
        model, rest = _text(where, body[FIXED.size :])
        port, rest = _text(where, rest)
        firmware, rest = _text(where, rest)
        if rest:
            raise _nonsense(where, f"{len(rest)} bytes too many in its identity")
        if not MIN_BODY_BYTES <= size <= MAX_BODY_BYTES or counter not in list(Counter):
            raise _nonsense(where, f"frame size {size} and counter kind {counter}")
        return Identity(
            size, Counter(counter), low, high, nodes, inputs, outputs, steps, state, build, model, port, firmware
        )


def _text(where: str, body: bytes) -> tuple[str, bytes]:
    length = body[0] if body else MAX_TEXT + 1
    raw = body[1 : 1 + length]
    if length > MAX_TEXT or len(raw) != length or not raw.isascii() or not raw.decode("ascii").isprintable():
        raise _nonsense(where, "a name that is no printable text")
    return raw.decode("ascii"), body[1 + length :]


def _nonsense(where: str, what: str) -> LinkError:
    return LinkError(where, f"the device answers nonsense: {what}", "Flash it with edgesnn deploy, or check the port")
