"""Devices that answer late, short, garbled, too much or not at all: one clear error in time, never a hang."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import tty
from collections.abc import Callable, Iterator

import pytest

from edgesnn.errors import LinkError
from edgesnn.link import Device, Port, Verb, frame, open_port
from edgesnn.link.identity import FIXED
from edgesnn.link.protocol import VERSION, Status

TIMEOUT_S = 0.6
IDENTITY = FIXED.pack(256, 0, -128, 127, 2, 4, 2, 1, 16, bytes(32)) + b"\1m\1p\1f"

Answer = Callable[["Peer", bytes], None]


class Peer:
    """A device of our making on the far end of a pseudo-terminal."""

    def __init__(self, answer: Answer) -> None:
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.port = open_port(os.ttyname(slave))
        os.close(slave)
        self.answer, self.requests, self.done = answer, 0, threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self.master, data)

    def reply(self, request: bytes, status: int = Status.OK, body: bytes = b"") -> bytes:
        return frame.encode(bytes((VERSION, request[1], request[2], status)) + body)

    def close(self) -> None:
        self.done.set()
        self.thread.join(10)
        self.port.close()
        with contextlib.suppress(OSError):
            os.close(self.master)

    def _serve(self) -> None:
        buffer = bytearray()
        while not self.done.is_set():
            if not select.select([self.master], [], [], 0.02)[0]:
                continue
            try:
                buffer += os.read(self.master, 4096)
            except OSError:
                return
            while b"\0" in buffer:
                coded, _, rest = bytes(buffer).partition(b"\0")
                buffer[:] = rest
                request = frame.decode(coded)
                if request:
                    self.requests += 1
                    self.answer(self, request)


def good(peer: Peer, request: bytes) -> None:
    peer.send(peer.reply(request, body=IDENTITY if request[2] == Verb.IDENTIFY else b""))


def then(misbehave: Answer) -> Answer:
    """Identifies itself well, then misbehaves."""

    def answer(peer: Peer, request: bytes) -> None:
        (good if request[2] == Verb.IDENTIFY else misbehave)(peer, request)

    return answer


@contextlib.contextmanager
def facing(answer: Answer) -> Iterator[Peer]:
    peer = Peer(answer)
    try:
        yield peer
    finally:
        peer.close()


def device(port: Port) -> Device:
    return Device(port, TIMEOUT_S, TIMEOUT_S)


def silence(peer: Peer, request: bytes) -> None:
    pass


def corrupt(peer: Peer, request: bytes) -> None:
    good_reply = bytearray(peer.reply(request))
    good_reply[4] ^= 0x55
    peer.send(bytes(good_reply))


def short(peer: Peer, request: bytes) -> None:
    peer.send(peer.reply(request)[:5])


def truncated(peer: Peer, request: bytes) -> None:
    peer.send(peer.reply(request)[:5] + b"\0")


def flood(peer: Peer, request: bytes) -> None:
    for _ in range(2000):
        if peer.done.is_set() or not select.select([], [peer.master], [], 0.05)[1]:
            return
        peer.send(b"\x55" * 512)


def flood_frames(peer: Peer, request: bytes) -> None:
    stale = frame.encode(bytes((VERSION, (request[1] + 7) % 256, request[2], Status.OK)))
    for _ in range(5000):
        if peer.done.is_set() or not select.select([], [peer.master], [], 0.05)[1]:
            return
        peer.send(stale)


def garbled_for_ever(peer: Peer, request: bytes) -> None:
    peer.send(frame.encode(bytes((VERSION, 0, 0, Status.GARBLED))))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (silence, "no answer to reset within 0.6 s"),
        (corrupt, "bytes of garbage and no answer to reset within 0.6 s"),
        (short, "bytes of garbage and no answer to reset within 0.6 s"),
        (truncated, "bytes of garbage and no answer to reset within 0.6 s"),
        (flood, "bytes of garbage and no answer to reset within 0.6 s"),
        (flood_frames, "answers to something else and none to reset within 0.6 s"),
        (garbled_for_ever, "bytes of garbage and no answer to reset within 0.6 s"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_misbehaving_devices_end_in_one_error(answer: Answer, message: str) -> None:
    with facing(then(answer)) as peer:
        talking = device(peer.port)
        before = peer.requests
        with pytest.raises(LinkError, match=message):
            talking.reset()
        assert peer.requests - before <= 2


@pytest.mark.parametrize("answer", [silence, corrupt, short, flood, flood_frames])
def test_a_device_that_never_identifies_itself(answer: Answer) -> None:
    with facing(answer) as peer, pytest.raises(LinkError, match="identify"):
        device(peer.port)


class Once:
    """Misbehaves at the first request after the identity, then answers well."""

    def __init__(self, misbehave: Answer) -> None:
        self.misbehave: Answer | None = misbehave

    def __call__(self, peer: Peer, request: bytes) -> None:
        if request[2] == Verb.IDENTIFY or self.misbehave is None:
            good(peer, request)
        else:
            misbehave, self.misbehave = self.misbehave, None
            misbehave(peer, request)


@pytest.mark.parametrize("answer", [silence, corrupt, truncated, garbled_for_ever])
def test_one_bad_frame_is_retried(answer: Answer) -> None:
    with facing(Once(answer)) as peer:
        talking = device(peer.port)
        before = peer.requests
        talking.reset()
        assert peer.requests - before == 2


def test_a_late_answer_is_not_taken_for_the_next() -> None:
    late: list[bytes] = []

    def answer(peer: Peer, request: bytes) -> None:
        if request[2] == Verb.IDENTIFY:
            good(peer, request)
        elif request[2] == Verb.RESET:
            late.append(peer.reply(request, Status.BAD_RANGE))
        else:
            peer.send(b"".join(late) + peer.reply(request, Status.UNSUPPORTED))

    with facing(answer) as peer:
        talking = device(peer.port)
        with pytest.raises(LinkError, match="no answer to reset"):
            talking.reset()
        assert talking.stack() is None


def test_another_protocol_version_is_named() -> None:
    def answer(peer: Peer, request: bytes) -> None:
        peer.send(frame.encode(bytes((VERSION + 1, request[1], request[2], Status.BAD_VERSION))))

    with (
        facing(answer) as peer,
        pytest.raises(LinkError, match=f"speaks version {VERSION + 1} .* edgesnn version {VERSION}"),
    ):
        device(peer.port)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        IDENTITY[:-1],
        IDENTITY + b"x",
        IDENTITY[:-6] + b"\xff" + IDENTITY[-5:],
        IDENTITY[:-1] + b"\n",
        FIXED.pack(8, 0, 0, 1, 2, 4, 2, 1, 0, bytes(32)) + b"\1m\1p\1f",
        FIXED.pack(256, 9, 0, 1, 2, 4, 2, 1, 0, bytes(32)) + b"\1m\1p\1f",
    ],
)
def test_a_nonsensical_identity_is_refused(body: bytes) -> None:
    def answer(peer: Peer, request: bytes) -> None:
        peer.send(peer.reply(request, body=body))

    with facing(answer) as peer, pytest.raises(LinkError, match="nonsense"):
        device(peer.port)


@pytest.mark.parametrize("body", [b"", bytes(7), bytes(15), bytes(25)])
def test_a_result_of_the_wrong_length_is_refused(body: bytes) -> None:
    def answer(peer: Peer, request: bytes) -> None:
        peer.send(peer.reply(request, body=body))

    with facing(then(answer)) as peer:
        talking = device(peer.port)
        for ask in (talking.step, lambda: talking.run(1), talking.counters, talking.stack, talking.state):
            with pytest.raises(LinkError, match="bytes where"):
                ask()


@pytest.mark.parametrize("status", [Status.BAD_VERB, Status.NOT_NOW, Status.BAD_INPUT, 200])
def test_refusals_are_errors_that_name_the_request(status: int) -> None:
    def answer(peer: Peer, request: bytes) -> None:
        peer.send(peer.reply(request, status))

    with facing(then(answer)) as peer:
        talking = device(peer.port)
        with pytest.raises(LinkError, match="reset: the device "):
            talking.reset()


def test_a_device_that_hangs_up() -> None:
    def answer(peer: Peer, request: bytes) -> None:
        peer.done.set()
        os.close(peer.master)

    with facing(then(answer)) as peer:
        talking = device(peer.port)
        with pytest.raises(LinkError, match="the connection is lost"):
            talking.reset()


@pytest.mark.parametrize("url", ["/dev/no-such-port", "socket://127.0.0.1:1", "socket://nonsense", "nonsense://x"])
def test_a_port_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(LinkError, match="cannot be opened"):
        open_port(url)
