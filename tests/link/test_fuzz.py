"""Whatever comes in, the firmware neither crashes nor hangs, and it still computes right afterwards."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edgesnn.link import Area, Device, Port, Verb, frame
from edgesnn.link.protocol import VERSION
from tests.link.conftest import serving

ROUNDS = 150
PORTION = 400


def noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(1, PORTION))


def delimiters(rng: random.Random) -> bytes:
    return bytes(rng.choices((0, 0, 1, 2, 255, rng.randrange(256)), k=rng.randint(1, PORTION)))


def valid_header(rng: random.Random) -> bytes:
    """Frames with a right CRC and any body: what lies behind the frame layer is reached."""
    body = rng.randbytes(rng.choice((0, 1, 2, 4, 5, 6, 7, 8, rng.randint(0, 256))))
    return frame.encode(bytes((VERSION, rng.randrange(256), rng.randrange(12))) + body)


def plausible(rng: random.Random) -> bytes:
    """Requests that are nearly right: boundary values in every field."""
    edge = rng.choice((0, 1, 255, 256, 299, 300, 301, 1199, 1200, 0x7FFFFFFF, 0xFFFFFFFF))
    body = {
        Verb.LOAD: struct.pack("<I", edge) + rng.randbytes(rng.randint(0, 252)),
        Verb.LOAD_RUNS: struct.pack("<I", edge) + bytes(rng.choices((0, 1, 5, 255), k=rng.randint(0, 60))),
        Verb.RUN: struct.pack("<BI", rng.randrange(16), rng.choice((edge, 3))),
        Verb.REPEAT: struct.pack("<II", rng.randrange(4), rng.choice((edge, 3))),
        Verb.READ: struct.pack("<BIH", rng.choice((*Area, 200)), edge, rng.choice((0, 1, 256, 257, 65535))),
        Verb.STEP: bytes((rng.randrange(10),)),
    }.get(verb := Verb(rng.randint(1, len(Verb))), b"")
    return frame.encode(bytes((VERSION, rng.randrange(256), verb)) + body)


def mutated(rng: random.Random) -> bytes:
    coded = bytearray(plausible(rng))
    for _ in range(rng.randint(1, 3)):
        coded[rng.randrange(len(coded))] = rng.randrange(256)
    return bytes(coded[: rng.randint(1, len(coded))]) + b"\0" * rng.randint(0, 1)


SOURCES: tuple[Callable[[random.Random], bytes], ...] = (noise, delimiters, valid_header, plausible, mutated)


def pour(port: Port, rng: random.Random, rounds: int, source: Callable[[random.Random], bytes]) -> None:
    """Sends garbage, dropping the answers so that neither side blocks."""
    for _ in range(rounds):
        port.line.write(source(rng))
        port.forget()


def assert_sound(device: Device) -> None:
    """A device that has seen anything must, once asked properly, be as good as new."""
    device.reset()
    values = np.arange(300) % 201 - 100
    device.load(values)
    assert device.run(3).output.tolist() == [3 * values.sum(), -3]
    assert device.state() == (3 * values).astype("<i4").tobytes()


@pytest.mark.parametrize("transport", ["pty", "socket"])
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_garbage(stub: Path, source: Callable[[random.Random], bytes], transport: str) -> None:
    rng = random.Random(f"{source.__name__} {transport}")
    with serving(stub, transport) as served:
        for _ in range(3):
            pour(served.port, rng, ROUNDS, source)
            assert_sound(Device(served.port))
