"""Every verb, over a pseudo-terminal and over a socket, against the firmware itself."""

from __future__ import annotations

import struct
import time
import zlib

import numpy as np
import pytest

from edgesnn.errors import LinkError
from edgesnn.link import Area, Counter, Device, Mode, Status, StepResult, Stop, Verb, frame
from edgesnn.link.protocol import VERSION

INPUT = np.arange(300) % 201 - 100
INPUT_BYTES = INPUT.astype(np.int8).tobytes()


def soon() -> float:
    return time.monotonic() + 10


def ask(device: Device, verb: int, body: bytes = b"") -> tuple[int, bytes]:
    """Status and body of any request, sensible or not."""
    reply = device._exchange.request(verb, body, 5.0)  # type: ignore[arg-type]
    return reply.status, reply.body


def test_identity(device: Device) -> None:
    identity = device.identity
    assert (identity.model, identity.port, identity.firmware) == ("stub", "host", "edgesnn test")
    assert (identity.nodes, identity.input_size, identity.output_size) == (3, 300, 2)
    assert (identity.time_steps, identity.state_bytes) == (1000, 1200)
    assert (identity.input_low, identity.input_high) == (-100, 100)
    assert identity.build == bytes(range(1, 33))
    assert identity.counter is Counter.NONE


def test_steps_change_the_state_and_runs_start_afresh(device: Device) -> None:
    device.load(INPUT)
    for k in (1, 2, 3):
        result = device.step()
        assert isinstance(result, StepResult)
        assert result.output.tolist() == [k * INPUT.sum(), -k]
        assert result.decision == 1
        assert device.state() == (k * INPUT).astype("<i4").tobytes()
    assert device.run(7).output.tolist() == [7 * INPUT.sum(), -7]
    device.reset()
    assert device.state() == bytes(1200)


def test_a_repetition_is_its_last_run(device: Device) -> None:
    device.load(INPUT)
    device.step()
    assert device.repeat(5, 7, 10).output.tolist() == [7 * INPUT.sum(), -7]
    assert device.state() == (7 * INPUT).astype("<i4").tobytes()


def test_load_replaces_the_whole_input(device: Device) -> None:
    for values in (INPUT, np.where(np.arange(300) % 7, 0, 5), np.zeros(300, int), -INPUT):
        device.load(values)
        device.run(1)
        assert device.state() == values.astype("<i4").tobytes()


def test_digest_is_the_crc_of_outputs_and_state(device: Device) -> None:
    device.load(INPUT)
    crc = 0
    for k in (1, 2):
        crc = zlib.crc32(INPUT_BYTES, crc)
        crc = zlib.crc32(struct.pack("<ii", k * INPUT.sum(), -k), crc)
        crc = zlib.crc32((k * INPUT).astype("<i4").tobytes(), crc)
    assert device.run(2, Mode.DIGEST).digest == crc
    device.reset()
    device.step(Mode.DIGEST)
    last = device.step(Mode.DIGEST)
    assert isinstance(last, StepResult)
    assert last.digest == crc
    assert device.run(2).digest == 0


def test_a_step_stops_at_each_node(device: Device) -> None:
    device.load(INPUT)
    assert device.step(Mode.STOP) == Stop(0, 300, zlib.crc32(INPUT_BYTES))
    assert device.read(Area.NODE, 0, 300) == INPUT_BYTES
    assert device.resume() == Stop(2, 8, zlib.crc32(struct.pack("<ii", INPUT.sum(), -1)))
    assert device.read(Area.NODE, 4, 4) == struct.pack("<i", -1)
    end = device.resume()
    assert isinstance(end, StepResult)
    assert end.output.tolist() == [INPUT.sum(), -1]


def test_a_waiting_step_answers_identify_and_ends_with_reset(device: Device) -> None:
    device.load(INPUT)
    device.step(Mode.STOP)
    assert device.identify() == device.identity
    for verb, body in (
        (Verb.STEP, b"\0"),
        (Verb.RUN, b"\0\1\0\0\0"),
        (Verb.LOAD, bytes(4)),
        (Verb.COUNTERS, b""),
        (99, b""),
    ):
        assert ask(device, verb, body) == (Status.NOT_NOW, b"")
    device.reset()
    assert device.state() == bytes(1200)
    assert device.run(1).output.tolist() == [INPUT.sum(), -1]


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        (0, b"", Status.BAD_VERB),
        (77, b"", Status.BAD_VERB),
        (77, b"x", Status.BAD_LENGTH),
        (Verb.RESET, b"x", Status.BAD_LENGTH),
        (Verb.IDENTIFY, b"x", Status.BAD_LENGTH),
        (Verb.RESUME, b"", Status.NOT_NOW),
        (Verb.STACK, b"", Status.UNSUPPORTED),
        (Verb.STEP, b"", Status.BAD_LENGTH),
        (Verb.STEP, b"\0\0", Status.BAD_LENGTH),
        (Verb.STEP, b"\x08", Status.BAD_RANGE),
        (Verb.RUN, struct.pack("<BI", 0, 0), Status.BAD_RANGE),
        (Verb.RUN, struct.pack("<BI", 0, 1001), Status.BAD_RANGE),
        (Verb.RUN, struct.pack("<BI", Mode.STOP, 1), Status.BAD_RANGE),
        (Verb.RUN, b"\0\1\0\0", Status.BAD_LENGTH),
        (Verb.REPEAT, struct.pack("<II", 0, 1), Status.BAD_RANGE),
        (Verb.REPEAT, struct.pack("<II", 1, 0), Status.BAD_RANGE),
        (Verb.REPEAT, struct.pack("<II", 1, 1001), Status.BAD_RANGE),
        (Verb.REPEAT, struct.pack("<IHB", 1, 1, 0), Status.BAD_LENGTH),
        (Verb.LOAD, b"\0\0\0", Status.BAD_LENGTH),
        (Verb.LOAD, struct.pack("<I", 301), Status.BAD_RANGE),
        (Verb.LOAD, struct.pack("<I", 0xFFFFFFFF) + b"\0\0", Status.BAD_RANGE),
        (Verb.LOAD, struct.pack("<I", 299) + b"\0\0", Status.BAD_RANGE),
        (Verb.LOAD_RUNS, b"\0\0\0", Status.BAD_LENGTH),
        (Verb.LOAD_RUNS, struct.pack("<I", 0) + b"\1", Status.BAD_LENGTH),
        (Verb.LOAD_RUNS, struct.pack("<I", 0) + b"\0\2\1", Status.BAD_LENGTH),
        (Verb.LOAD_RUNS, struct.pack("<I", 0xFFFFFFFF) + b"\5\0", Status.BAD_RANGE),
        (Verb.LOAD_RUNS, struct.pack("<I", 100) + b"\xc9\0", Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BIH", Area.STATE, 1200, 1), Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BIH", Area.STATE, 0xFFFFFFFF, 1), Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BIH", Area.STATE, 0, 257), Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BIH", Area.NODE, 0, 1), Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BIH", 9, 0, 1), Status.BAD_RANGE),
        (Verb.READ, struct.pack("<BI", Area.STATE, 0), Status.BAD_LENGTH),
    ],
)
def test_refusals(pty_device: Device, verb: int, body: bytes, status: Status) -> None:
    assert ask(pty_device, verb, body) == (status, b"")
    pty_device.load(INPUT)
    assert pty_device.run(1).output[0] == INPUT.sum()


@pytest.mark.parametrize("value", [101, -101, 127, -128])
def test_input_out_of_range_is_refused_with_its_position(pty_device: Device, value: int) -> None:
    raw = bytes((value & 0xFF,))
    assert ask(pty_device, Verb.LOAD, struct.pack("<I", 7) + b"\5" + raw) == (Status.BAD_INPUT, struct.pack("<I", 8))
    runs = struct.pack("<I", 7) + b"\x0a\1" + raw
    assert ask(pty_device, Verb.LOAD_RUNS, runs) == (Status.BAD_INPUT, struct.pack("<I", 17))
    with pytest.raises(LinkError, match="not 300 within \\[-100, 100\\]"):
        pty_device.load(np.full(300, value))


def test_a_repeated_request_is_answered_again_but_not_carried_out_again(device: Device) -> None:
    device.load(np.ones(300, int))
    step = bytes((VERSION, 200, Verb.STEP, 0))
    device.port.send(step)
    first = device.port.receive(soon())
    for _ in range(5):
        device.port.send(step)
        assert device.port.receive(soon()) == first
    assert device.state() == np.ones(300, "<i4").tobytes()


def test_another_version_is_answered_with_ours(device: Device) -> None:
    device.port.send(bytes((VERSION + 1, 9, Verb.RESET)))
    assert device.port.receive(soon()) == bytes((VERSION, 9, Verb.RESET, Status.BAD_VERSION))


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xff\1\0",
        b"\5abc\0",
        frame.encode(b"abc")[:-3] + b"\0",
        frame.encode(b"x" * 600),
        b"\1\0",
        b"\2\1\0",
        frame.encode(b""),
    ],
)
def test_garbage_is_answered_once_and_forgotten(pty_device: Device, garbage: bytes) -> None:
    pty_device.port.line.write(garbage)
    assert pty_device.port.receive(soon()) == bytes((VERSION, 0, 0, Status.GARBLED))
    assert pty_device.identify() == pty_device.identity


def test_half_a_frame_blocks_nothing(device: Device) -> None:
    device.port.line.write(frame.encode(bytes((VERSION, 1, Verb.RESET)))[:-4])
    assert device.identify() == device.identity  # the retry; the first try completed the half frame's garbage


def test_empty_frames_are_silence(device: Device) -> None:
    device.port.line.write(bytes(1000))
    assert device.identify() == device.identity


def test_writing_changes_states_and_the_waiting_node(device: Device) -> None:
    """A pattern that repeats and one that does not, at an offset; what runs afterwards reads them."""
    states = np.arange(300, dtype="<i4")
    device.reset()
    device.load(INPUT)
    device.write(Area.STATE, 0, states.tobytes())
    device.write(Area.STATE, 8, np.full(100, -7, "<i4").tobytes())
    states[2:102] = -7
    assert device.state() == states.tobytes()
    stop = device.step(Mode.STOP)
    assert isinstance(stop, Stop)
    assert (stop.node, stop.bytes) == (0, 300)
    device.write(Area.NODE, 0, bytes(300))
    device.write(Area.NODE, 299, b"\x05")
    while isinstance(stop, Stop):
        stop = device.resume()
    states[299] += 5
    assert device.state() == states.tobytes()
    device.reset()
    assert device.state() == bytes(1200)


def test_writing_elsewhere_is_refused(device: Device) -> None:
    assert ask(device, Verb.WRITE, struct.pack("<BIH", Area.STATE, 0, 1))[0] == Status.BAD_LENGTH
    for area, offset, times, raw in (
        (Area.OUTPUT, 0, 1, b"x"), (Area.COUNTERS, 0, 1, b"x"), (Area.NODE, 0, 1, b"x"), (9, 0, 1, b"x"),
        (Area.STATE, 1200, 1, b"x"), (Area.STATE, 1 << 31, 1, b"x"), (Area.STATE, 1198, 1, b"xyz"),
        (Area.STATE, 0, 401, b"xyz"), (Area.STATE, 0, 0xFFFF, bytes(200)),
    ):  # fmt: skip
        assert ask(device, Verb.WRITE, struct.pack("<BIH", area, offset, times) + raw)[0] == Status.BAD_RANGE
    assert ask(device, Verb.WRITE, struct.pack("<BIH", Area.STATE, 1, 399) + b"xyz")[0] == Status.OK
    assert device.state() == b"\0" + 399 * b"xyz" + b"\0\0"
