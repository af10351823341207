"""One request and its reply, however the line behaves in between."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import IntEnum

from edgesnn.errors import LinkError
from edgesnn.link.port import Port
from edgesnn.link.protocol import REPLY_HEADER, VERSION, Status


@dataclass
class Reply:
    status: int
    body: bytes


@dataclass
class Exchange:
    """Sends requests (a model's verbs, or a loader's) over a port and pairs them with replies by sequence number.

    A request that the device reports as garbled, or whose reply arrives garbled or not at all, is sent once more with
    the same number: the device carries out a number only once and answers a repetition with its last reply.
    """

    port: Port
    sequence: int = 0
    _stale: int = field(default=0, init=False)

    def request(self, verb: IntEnum, body: bytes, timeout_s: float, attempts: int = 2) -> Reply:
        """Raises LinkError when no fitting reply has come after all attempts, which share the timeout."""
        self.sequence = self.sequence % 255 + 1
        self._stale = 0
        start, received = time.monotonic(), self.port.received
        for attempt in range(attempts):
            self.port.send(bytes((VERSION, self.sequence, verb)) + body)
            reply = self._reply(verb, start + timeout_s * (attempt + 1) / attempts, attempt + 1 == attempts)
            if reply is not None:
                return reply
        raise self._failure(verb, timeout_s, self.port.received - received)

    def _reply(self, verb: IntEnum, deadline: float, last: bool) -> Reply | None:
        """The reply; None at the deadline, or at the first sign that the request should be sent again."""
        while (payload := self.port.receive(deadline)) is not None:
            reply, garbled = self._fitting(verb, payload)
            if reply is not None:
                return reply  # also one that was there in time on a machine too busy to look
            if (garbled and not last) or time.monotonic() >= deadline:
                return None
        return None

    def _fitting(self, verb: IntEnum, payload: bytes) -> tuple[Reply | None, bool]:
        """(the reply, if this payload is the one waited for; whether a frame was garbled on either way)."""
        if len(payload) < REPLY_HEADER:
            return None, True
        version, sequence, answered, status = payload[:REPLY_HEADER]
        if version != VERSION:
            raise self._other_version(version)
        if status == Status.GARBLED:
            return None, True
        if (sequence, answered) == (self.sequence, verb):
            return Reply(status, payload[REPLY_HEADER:]), False
        self._stale += 1
        return None, False

    def _other_version(self, version: int) -> LinkError:
        older = "the firmware is older" if version < VERSION else "this edgesnn is older"
        return LinkError(
            self.port.name,
            f"the device speaks version {version} of the protocol, this edgesnn version {VERSION} ({older})",
            "Flash the device again with edgesnn deploy" if version < VERSION else "Update edgesnn",
        )

    def _failure(self, verb: IntEnum, timeout_s: float, received: int) -> LinkError:
        name = verb.name.lower()
        if self._stale:
            problem = f"{self._stale} answers to something else and none to {name} within {timeout_s:g} s"
            remedy = "Close other programs that use the port"
        elif received:
            problem = f"{received} bytes of garbage and no answer to {name} within {timeout_s:g} s"
            remedy = "Check baud rate and wiring, and that an edgesnn firmware is on the device"
        else:
            problem = f"no answer to {name} within {timeout_s:g} s"
            remedy = "Check the port, reset the device, or flash it with edgesnn deploy"
        return LinkError(self.port.name, problem, remedy)
