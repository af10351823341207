"""A device that hears raw samples, chunk by chunk, held against the reference front end and interpreter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgesnn import datasets
from edgesnn.datasets import wav
from edgesnn.encode import FrontEnd, front_end_of
from edgesnn.errors import DataError, ModelError
from edgesnn.integer import Array, Model, Run, decide, run
from edgesnn.progress import Progress, silent
from edgesnn.target import Heard, Session

Int16 = npt.NDArray[np.int16]
COUNTED = 5
"""Recordings heard a second time without comparison, so that the network's instructions are counted alone."""


@dataclass(frozen=True)
class Sounds:
    """Recordings, their labels if known, and where they come from, in words."""

    recordings: tuple[Int16, ...]
    labels: Array | None
    source: str


@dataclass(frozen=True)
class Decision:
    """What the device said of one recording. exact: every spike, state and score equals the reference's."""

    decision: int
    name: str
    label: int | None
    exact: bool
    seconds: float


@dataclass(frozen=True)
class Listening:
    """Recordings streamed to a device in chunks of chunk_ms.

    exact: everything compared is equal, in all recordings. accuracy: None without labels. Instructions are means over
    recordings: of the front end, and of the network on the first `counted` of them; None where nobody counts.
    """

    model: str
    target: str
    board: str
    data: str
    recordings: int
    chunk_ms: float
    real_time: bool
    exact: bool
    mismatches: int
    accuracy: float | None
    front_end_instructions: float | None
    network_instructions: float | None
    counted: int
    decisions: tuple[Decision, ...]


def sounds_of(front_end: FrontEnd, file: Path | None, data: str | None, split: str, limit: int | None) -> Sounds:
    """The recordings to stream: a .wav file, or those of a data set. Raises DataError."""
    if file is not None:
        if front_end.inputs != 1:
            raise DataError(str(file), f"is sound, the model hears {front_end.inputs} channels", "Use --data")
        return Sounds((wav.read(file, front_end.sample_rate),), None, file.name)
    if data is None:
        raise DataError("listen", "nothing to listen to", "Give --wav FILE or --data NAME")
    recordings, labels = datasets.recordings(data, split, limit)
    return Sounds(recordings, labels, f"{data} {split}")


def hearing_front_end(model: Model) -> FrontEnd:
    """The model's front end. Raises ModelError where it has none."""
    front_end = front_end_of(model)
    if front_end is None:
        raise ModelError(model.name, "has no front end, so it cannot hear raw samples", "Use `edgesnn run` or `verify`")
    return front_end


def listen_session(
    session: Session,
    place: tuple[str, str],
    sounds: Sounds,
    chunk_ms: float,
    real_time: bool = False,
    progress: Progress = silent,
) -> Listening:
    """Streams every recording to the device and compares what comes out with the reference, integer by integer.

    place: names of target and board. real_time: chunks are sent no sooner than a microphone would have them.
    Raises TargetError where the device has no front end, DataError where a recording does not fit the model's.
    """
    front_end = hearing_front_end(session.model)
    heard, decisions, network = [], [], []
    for index, raw in enumerate(sounds.recordings):
        progress("listen", index, len(sounds.recordings))
        chunks = chunks_of(front_end, raw, chunk_ms)
        expected = reference(front_end, session.model, raw)
        one = session.hear(paced(chunks, front_end.sample_rate) if real_time else iter(chunks), expected)
        heard.append(one)
        label = None if sounds.labels is None else int(sounds.labels[index])
        decisions.append(decision(session.model, one, label, len(raw) / front_end.sample_rate))
        if index < COUNTED:
            network.append(session.hear(iter(chunks), None).instructions)
    progress("listen", len(sounds.recordings), len(sounds.recordings))
    wrong = sum(not one.exact for one in heard)
    return Listening(
        model=session.model.name,
        target=place[0],
        board=place[1],
        data=sounds.source,
        recordings=len(heard),
        chunk_ms=chunk_ms,
        real_time=real_time,
        exact=wrong == 0,
        mismatches=wrong,
        accuracy=None if sounds.labels is None else float(np.mean([d.decision == d.label for d in decisions])),
        front_end_instructions=mean([one.front_end_instructions for one in heard]),
        network_instructions=mean(network),
        counted=len(network),
        decisions=tuple(decisions),
    )


def reference(front_end: FrontEnd, model: Model, raw: Int16) -> Run:
    """What the reference makes of a recording: the run of the interpreter on the spikes of the front end."""
    spikes = front_end.encode([raw]).astype(np.int64)
    return run(model, spikes, record=[node.name for node in model.nodes])


def chunks_of(front_end: FrontEnd, raw: Int16, chunk_ms: float) -> list[Array]:
    """A recording in chunks of that duration, the last one shorter. Raises DataError where it does not fit."""
    length = max(1, round(chunk_ms * front_end.sample_rate / 1000))
    checked = front_end.checked(raw)
    return [checked[start : start + length] for start in range(0, len(checked), length)]


def paced(
    chunks: Sequence[Array],
    rate: int,
    now: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Array]:
    """Each chunk when its last sample would have been recorded."""
    start, sent = now(), 0
    for chunk in chunks:
        sent += len(chunk)
        wait(max(0.0, start + sent / rate - now()))
        yield chunk


def decision(model: Model, heard: Heard, label: int | None, seconds: float) -> Decision:
    chosen = int(decide(heard.output))
    classes = model.metadata.classes
    return Decision(chosen, classes[chosen] if classes else str(chosen), label, heard.exact, seconds)


def mean(counts: Sequence[float | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return float(np.mean(known)) if known else None
