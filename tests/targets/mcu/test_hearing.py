"""Boards that hear: raw samples in, every spike, state and score equal to the reference, its cost kept apart."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets, listening
from edgesnn.encode import FrontEnd
from edgesnn.errors import ModelError, TargetError, UnsupportedModelError
from edgesnn.integer import Metadata, Model
from edgesnn.listening import Sounds, chunks_of, listen_session, paced, reference
from edgesnn.target import Artifact, target
from tests.encode.ear import ear
from tests.encode.test_front_end import CHANNELS, SPEECH, TRIALS
from tests.targets.mcu.conftest import TARGET

RECORDINGS, DIGITS = datasets.recordings("fsdd", "test", 30)
EARS: dict[str, tuple[FrontEnd, tuple[np.ndarray, ...]]] = {
    "speech": (SPEECH, RECORDINGS[:3]),
    "channels": (CHANNELS, TRIALS[:3]),
}
Built = Callable[[str, str], Artifact]


def model(kind: str) -> Model:
    return ear(EARS[kind][0], f"ear_{kind}", classes=10)


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Built:
    made: dict[tuple[str, str], Artifact] = {}

    def build(kind: str, board: str) -> Artifact:
        if (kind, board) not in made:
            folder = tmp_path_factory.mktemp(f"{kind}-{board}")
            made[kind, board] = TARGET.build(model(kind), TARGET.board(board), folder)
        return made[kind, board]

    return build


@pytest.mark.parametrize("board", ["host", "mps2-an386"])
@pytest.mark.parametrize("kind", sorted(EARS))
def test_everything_heard_is_the_references(ears: Built, kind: str, board: str) -> None:
    front_end, recordings = EARS[kind]
    with TARGET.open(ears(kind, board)) as session:
        for chunk_ms, raw in zip((1.0, 15.0, 500.0), recordings, strict=True):
            expected = reference(front_end, session.model, raw)
            heard = session.hear(iter(chunks_of(front_end, raw, chunk_ms)), expected)
            assert heard.exact
            assert np.array_equal(heard.output, expected.output[0])
            assert np.abs(heard.output).max() > 0


def test_what_differs_is_seen(ears: Built) -> None:
    """A threshold of one band that is higher by one in the reference than on the device."""
    theta = (SPEECH.encoder.theta[0] + 9, *SPEECH.encoder.theta[1:])
    other = dataclasses.replace(SPEECH, encoder=dataclasses.replace(SPEECH.encoder, theta=theta))
    with TARGET.open(ears("speech", "host")) as session:
        expected = reference(other, session.model, RECORDINGS[0])
        assert not session.hear(iter(chunks_of(SPEECH, RECORDINGS[0], 20)), expected).exact
        right = reference(SPEECH, session.model, RECORDINGS[0])
        assert not session.hear(iter(chunks_of(SPEECH, RECORDINGS[1], 20)), right).exact


def test_a_data_set_is_listened_to(ears: Built) -> None:
    sounds = Sounds(RECORDINGS[:6], DIGITS[:6], "digits")
    with TARGET.open(ears("speech", "mps2-an386")) as session:
        heard = listen_session(session, ("mcu", "mps2-an386"), sounds, 15)
        again = listen_session(session, ("mcu", "mps2-an386"), sounds, 15)
    assert heard == again  # counts too
    assert (heard.exact, heard.mismatches, heard.recordings, heard.counted) == (True, 0, 6, 5)
    assert heard.accuracy == np.mean([one.decision == one.label for one in heard.decisions])
    assert heard.front_end_instructions is not None
    assert 1e5 < heard.front_end_instructions < 5e6
    assert heard.network_instructions is not None
    assert 1e4 < heard.network_instructions < heard.front_end_instructions


def test_front_end_and_network_are_counted_apart(ears: Built) -> None:
    """The network's count is that of the same spikes without a front end; the front end's does not depend on chunks."""
    artifact = ears("speech", "mps2-an386")
    raw = RECORDINGS[3]
    with TARGET.open(artifact) as session:
        spikes = SPEECH.encode([raw]).astype(np.int64)
        alone = session.cost(spikes, cycles=False).instructions
        counts = [session.hear(iter(chunks_of(SPEECH, raw, ms)), None) for ms in (15.0, 15.875)]
    assert {one.instructions for one in counts} == {alone}
    first, second = (one.front_end_instructions for one in counts)
    assert first is not None
    assert second is not None
    assert abs(first - second) < 0.01 * first


def test_memory_of_the_front_end_is_a_row_of_its_own(ears: Built) -> None:
    artifact = ears("speech", "mps2-an386")
    with TARGET.open(artifact) as session:
        cost = session.cost(SPEECH.encode(RECORDINGS[:1]).astype(np.int64), cycles=False)
    rows = {(memory, what): size for memory, what, size in cost.memory_map}
    buffers = 2 * 201 + 8 * 128 + 24 * 2 + 24 * (2 * 2 + 6)
    assert buffers <= rows["ram", "front end"] <= buffers + 96
    constants = 2 * 200 + 2 * 129 + 129 + 2 * 129 + 3 * 2 * 24 + 256
    assert constants < rows["flash", "front end"] < constants + 6000
    assert any("the front end takes" in note for note in cost.notes)
    for memory, total in (("flash", cost.flash_bytes), ("ram", cost.ram_bytes)):
        assert sum(size for where, _, size in cost.memory_map if where == memory) == total


def test_a_model_without_a_front_end_cannot_listen() -> None:
    plain = model("speech").replace(metadata=Metadata())
    with pytest.raises(ModelError, match="has no front end, so it cannot hear raw samples"):
        listening.hearing_front_end(plain)


def test_other_targets_do_not_hear(tmp_path: Path) -> None:
    tflite = target("tflite")
    artifact = tflite.build(model("speech"), tflite.board("litert"), tmp_path)
    with tflite.open(artifact) as session, pytest.raises(TargetError, match="Listen with --target mcu"):
        session.hear(iter([]), None)


def test_real_time_waits_for_the_microphone() -> None:
    """Each chunk leaves when its last sample would have been recorded; a slow device is not waited for twice."""
    clock = [100.0]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(round(seconds, 6))
        clock[0] += seconds

    chunks = [np.zeros(800, np.int16)] * 3
    sent: list[float] = []
    pace: Iterator[np.ndarray] = paced(chunks, 8000, lambda: clock[0], wait)
    for _ in pace:
        sent.append(round(clock[0] - 100, 6))
        clock[0] += 0.15  # the device takes longer than the chunk
    assert sent == [0.1, 0.25, 0.4]
    assert waits == [0.1, 0.0, 0.0]


def test_a_front_end_that_does_not_fit_the_ram_is_refused() -> None:
    board = TARGET.board("mps2-an386")
    facts = {**board.facts, "memory": {**board.facts["memory"], "ram_bytes": 1600}}
    small = dataclasses.replace(board, facts=facts)
    problems = TARGET.check(model("speech"), small)
    assert [problem.rule for problem in problems] == ["ram"]
    with pytest.raises(UnsupportedModelError):
        TARGET.build(model("speech"), small, Path("never"))


def test_the_folder_is_an_application_of_its_own(ears: Built, tmp_path: Path) -> None:
    """The generated header's loop, compiled with nothing but the folder `model`."""
    folder = ears("speech", "host").folder / "model"
    program = tmp_path / "main.c"
    samples = ", ".join(str(int(value)) for value in RECORDINGS[0])
    program.write_text(
        f"""#include <stdio.h>
#include "ear_speech.h"
#include "ear_speech_front_end.h"
static const int16_t recording[] = {{{samples}}};
int main(void)
{{
    int8_t input[EAR_SPEECH_INPUT_SIZE];
    int32_t output[EAR_SPEECH_OUTPUT_SIZE];
    const int16_t *samples = recording;
    size_t count = sizeof recording / sizeof *recording;
    ear_speech_reset();
    ear_speech_hear_reset();
    while (ear_speech_hear(&samples, &count, input)) {{
        ear_speech_step(input, output);
    }}
    while (ear_speech_hear_end(input)) {{
        ear_speech_step(input, output);
    }}
    printf("%d\\n", ear_speech_decide());
    return 0;
}}
"""
    )
    sources = [program, *sorted(folder.glob("*.c"))]
    command = ["gcc", "-std=c99", "-Wall", "-Werror", "-iquote", folder, *sources, "-o", tmp_path / "main"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([tmp_path / "main"], capture_output=True, text=True, timeout=20).stdout
    expected = reference(SPEECH, model("speech"), RECORDINGS[0])
    assert int(said) == int(expected.decisions[0])
