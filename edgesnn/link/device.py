"""A device that runs one model, and everything that can be asked of it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from edgesnn.errors import LinkError
from edgesnn.integer import Array
from edgesnn.link import replies, runs, spikes
from edgesnn.link.exchange import Exchange, Reply
from edgesnn.link.identity import Identity
from edgesnn.link.port import Port
from edgesnn.link.protocol import Area, Held, Learn, Mode, Status, Verb

IDENTIFY_ATTEMPTS = 8  # a device may still be starting
OFFSET = struct.Struct("<I")
LABEL = struct.Struct("<H")
WRITE = struct.Struct("<BIH")  # area, offset, times

REFUSALS = {
    Status.BAD_VERB: "does not know this request",
    Status.BAD_LENGTH: "finds the request's length wrong",
    Status.BAD_RANGE: "finds an offset, length, number of steps or mode out of range",
    Status.BAD_INPUT: "refuses an input value outside the model's declared range",
    Status.NOT_NOW: "cannot do this while a step waits, or while none does",
    Status.UNSUPPORTED: "cannot tell, or its model has no front end",
    Status.NOT_STORED: "does not find in flash what was written, or nothing that this network has learned",
}


class Device:
    """The verbs of the protocol. Construction waits until the device has identified itself.

    Args:
        port: an open port; the device closes it.
        timeout_s: for an answer to anything but steps.
        run_timeout_s: for the answer to a step or a run.

    Every method raises LinkError when the device does not answer in time, answers nonsense or refuses.
    """

    def __init__(self, port: Port, timeout_s: float = 2.0, run_timeout_s: float = 30.0) -> None:
        self.port = port
        self.timeout_s, self.run_timeout_s = timeout_s, run_timeout_s
        self._exchange = Exchange(port)
        try:
            port.send_delimiter()
            port.forget()
            self.identity = self.identify(IDENTIFY_ATTEMPTS)
        except BaseException:
            port.close()
            raise

    def close(self) -> None:
        self.port.close()

    def identify(self, attempts: int = 2) -> Identity:
        reply = self._exchange.request(Verb.IDENTIFY, b"", self.timeout_s, attempts)
        return Identity.parse(self.port.name, self._ok(Verb.IDENTIFY, reply))

    def reset(self) -> None:
        """States and counters to zero; ends a step that waits."""
        self._ask(Verb.RESET)

    def load(self, values: Array) -> None:
        """Input of the next steps: input_size values within [input_low, input_high], any shape."""
        low, high = int(values.min()), int(values.max())
        if low < self.identity.input_low or high > self.identity.input_high or values.size != self.identity.input_size:
            raise LinkError(
                self.port.name,
                f"{values.size} input values from {low} to {high}, not {self.identity.input_size} within "
                f"[{self.identity.input_low}, {self.identity.input_high}]",
                "Encode the sample with the model's encoding",
            )
        raw = values.astype(np.int8).tobytes()
        if 2 * raw.count(0) > len(raw):
            for offset, records in runs.pack(raw, self.identity.body_bytes - OFFSET.size):
                self._ask(Verb.LOAD_RUNS, OFFSET.pack(offset) + records)
            return
        chunk = self.identity.body_bytes - OFFSET.size
        for offset in range(0, len(raw), chunk):
            self._ask(Verb.LOAD, OFFSET.pack(offset) + raw[offset : offset + chunk])

    def step(self, mode: Mode = Mode.NONE) -> replies.StepResult | replies.Stop:
        """One time step of the loaded input; in mode STOP, up to the first node."""
        return self._progress(Verb.STEP, bytes((mode,)))

    def resume(self) -> replies.StepResult | replies.Stop:
        """From a stop to the next one, or to the step's end."""
        return self._progress(Verb.RESUME, b"")

    def run(self, steps: int, mode: Mode = Mode.NONE) -> replies.StepResult:
        """Reset, then steps of the loaded input."""
        result = self._progress(Verb.RUN, struct.pack("<BI", mode, steps))
        if isinstance(result, replies.Stop):
            raise LinkError(self.port.name, "the device stopped during a run", "Flash it with edgesnn deploy")
        return result

    def repeat(self, times: int, steps: int, timeout_s: float) -> replies.StepResult:
        """So many times a reset and steps of the loaded input, all between two edges of the marker pin.

        timeout_s: for the answer, which comes after the last step; the result's figures are the last inference's.
        """
        body = struct.pack("<II", times, steps)
        return self._result(self._ok(Verb.REPEAT, self._exchange.request(Verb.REPEAT, body, timeout_s)))

    @property
    def longest_chunk(self) -> int:
        """Values of raw samples that one `hear` may take."""
        return (self.identity.body_bytes - 1) // 2

    def hear(self, samples: Array, mode: Mode = Mode.NONE) -> replies.Heard:
        """Raw int16 samples through the device's front end, and a time step of the model for each that they complete.

        Any shape; at most `longest_chunk` values, interleaved where there are several channels.
        """
        raw = np.ascontiguousarray(samples).astype("<i2").tobytes()
        return self._heard(Verb.HEAR, bytes((mode,)) + raw)

    def hear_end(self, mode: Mode = Mode.NONE) -> replies.Heard:
        """The recording has ended: the time steps that are missing."""
        return self._heard(Verb.HEAR_END, bytes((mode,)))

    def _heard(self, verb: Verb, body: bytes) -> replies.Heard:
        answer = self._ok(verb, self._exchange.request(verb, body, self.run_timeout_s))
        size = replies.HEARD.size
        if len(answer) < size:
            raise replies.wrong_length(self.port.name, len(answer), size)
        steps, count = replies.HEARD.unpack_from(answer)
        return replies.Heard(steps, count, self._result(answer[size:], size))

    def learning(self, what: Learn) -> None:
        """Whether samples are learned from now on, or all that was learned is forgotten."""
        self._ask(Verb.LEARNING, bytes((what,)))

    def spikes(self, steps: Sequence[Sequence[int]]) -> None:
        """The next steps of a sample, each as its active inputs in rising order; after a label the first of another.

        Silent steps at the end may be left out: the label ends the sample.
        """
        for body in spikes.pack(steps, self.identity.body_bytes):
            self._ok(Verb.SPIKES, self._exchange.request(Verb.SPIKES, body, self.run_timeout_s))

    def label(self, label: int) -> replies.Labelled:
        """Ends a sample; it is learned, after it has been decided, if learning is on."""
        reply = self._exchange.request(Verb.LABEL, LABEL.pack(label), self.run_timeout_s)
        body = self._ok(Verb.LABEL, reply)
        decision, learned, *counts = replies.unpack(self.port.name, replies.LABELLED, body)
        return replies.Labelled(decision, bool(learned), *counts)

    def store(self) -> None:
        """What was learned into flash; what was stored before counts until it is there, whole."""
        self._ok(Verb.STORE, self._exchange.request(Verb.STORE, b"", self.run_timeout_s))

    def recall(self) -> int:
        """What was stored last into memory, as at the start; the state of its random numbers."""
        (draw,) = replies.unpack(self.port.name, replies.RECALLED, self._ask(Verb.RECALL))
        return draw

    def stored(self) -> replies.Stored:
        """What the flash holds."""
        held, *rest = replies.unpack(self.port.name, replies.STORED, self._ask(Verb.STORED))
        return replies.Stored(Held(held), *rest)

    def read(self, area: Area, offset: int, length: int) -> bytes:
        """Bytes of an area, in as many frames as they need."""
        chunk = self.identity.body_bytes
        parts = []
        for start in range(offset, offset + length, chunk):
            size = min(chunk, offset + length - start)
            part = self._ask(Verb.READ, struct.pack("<BIH", area, start, size))
            if len(part) != size:
                raise replies.wrong_length(self.port.name, len(part), size)
            parts.append(part)
        return b"".join(parts)

    def write(self, area: Area, offset: int, raw: bytes) -> None:
        """Bytes into the state memory, or into the output of the node where a step waits; what repeats is sent once.

        What the model computes from then on is no inference: values have to be within what is proven of them.
        """
        room = self.identity.body_bytes - WRITE.size
        for start, pattern, times in runs.repeated(raw, room):
            self._ask(Verb.WRITE, WRITE.pack(area, offset + start, times) + pattern)

    def state(self) -> bytes:
        """The model's whole state memory."""
        return self.read(Area.STATE, 0, self.identity.state_bytes)

    def node_counts(self) -> Array:
        """(nodes,) counts since reset of the steps in mode COUNT, overhead included."""
        return np.frombuffer(self.read(Area.COUNTERS, 0, 8 * self.identity.nodes), "<u8").astype(np.int64)

    def counters(self) -> replies.Counters:
        body = self._ask(Verb.COUNTERS)
        return replies.Counters(*replies.unpack(self.port.name, replies.COUNTERS, body))

    def stack(self) -> replies.Stack | None:
        """None where the port cannot tell."""
        reply = self._exchange.request(Verb.STACK, b"", self.timeout_s)
        if reply.status == Status.UNSUPPORTED:
            return None
        body = self._ok(Verb.STACK, reply)
        return replies.Stack(*replies.unpack(self.port.name, replies.STACK, body))

    def _progress(self, verb: Verb, body: bytes) -> replies.StepResult | replies.Stop:
        reply = self._exchange.request(verb, body, self.run_timeout_s)
        if reply.status == Status.STOPPED:
            return replies.Stop(*replies.unpack(self.port.name, replies.STOP, reply.body))
        return self._result(self._ok(verb, reply))

    def _result(self, body: bytes, before: int = 0) -> replies.StepResult:
        """What a step or run gave. before: bytes that came in front of it in the same frame."""
        header, wanted = replies.RESULT.size, 4 * self.identity.output_size
        sent = min(wanted, (self.identity.body_bytes - before - header) // 4 * 4)
        if len(body) != header + sent:
            raise replies.wrong_length(self.port.name, len(body), header + sent)
        raw = body[header:] + (self.read(Area.OUTPUT, sent, wanted - sent) if sent < wanted else b"")
        digest, count, decision = replies.RESULT.unpack_from(body)
        return replies.StepResult(digest, count, decision, np.frombuffer(raw, "<i4").astype(np.int64))

    def _ask(self, verb: Verb, body: bytes = b"") -> bytes:
        return self._ok(verb, self._exchange.request(verb, body, self.timeout_s))

    def _ok(self, verb: Verb, reply: Reply) -> bytes:
        if reply.status == Status.OK:
            return reply.body
        try:
            problem = REFUSALS[Status(reply.status)]
        except (KeyError, ValueError):
            problem = f"answers with the unknown status {reply.status}"
        raise LinkError(
            self.port.name, f"{verb.name.lower()}: the device {problem}", "Flash it with edgesnn deploy, or reset it"
        )
