"""The generated C of a front end gives the reference's spikes, whatever the sound and however it is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgesnn.encode import FrontEnd, Thresholds, design_channels, design_speech
from tests.encode.ear import Ear
from tests.encode.test_front_end import CHANNELS, RECORDINGS, SPEECH, TRIALS

SMALL = design_speech(
    RECORDINGS[:4], bands=5, frames=7, upsample=1, window_ms=4, step_ms=4, low_hz=0, floor_bits=0, preemphasis_shift=15
)
COARSE = design_channels(TRIALS, 100, frames=9, thresholds=Thresholds(0.01, 15, 15, 1))
REFERENCED = design_channels(TRIALS, 100, frames=30, upsample=2, common_reference=True)
FRONT_ENDS = {"speech": SPEECH, "channels": CHANNELS, "small": SMALL, "coarse": COARSE, "referenced": REFERENCED}


@pytest.fixture(scope="module", params=FRONT_ENDS)
def ear(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ear:
    return Ear(FRONT_ENDS[request.param], tmp_path_factory.mktemp("ear"))


def sounds(front_end: FrontEnd, seed: int, length: int) -> np.ndarray:
    """Noise of a random loudness, with stretches at the ends of the range and of silence."""
    rng = np.random.default_rng(seed)
    raw = rng.integers(-32768, 32768, (length, front_end.inputs)) >> int(rng.integers(0, 15))
    for value in (-32768, 32767, 0):
        start, stop = np.sort(rng.integers(0, length + 1, 2))
        raw[start:stop] = value if rng.random() < 0.3 else raw[start:stop]
    return raw.astype(np.int16)


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_sounds_in_random_chunks(ear: Ear, data: st.DataObject) -> None:
    """Several recordings one after another, so that a reset is one."""
    longest = 2 * ear.front_end.samples_used
    recordings, chunks = [], []
    for _ in range(data.draw(st.integers(1, 4))):
        raw = sounds(ear.front_end, data.draw(st.integers(0, 1 << 30)), data.draw(st.integers(0, longest)))
        cuts = sorted(data.draw(st.lists(st.integers(0, raw.size), max_size=10)))
        recordings.append(raw)
        chunks.append(np.split(raw.ravel(), cuts))  # also between two channels of one sample
    assert np.array_equal(ear.hear(chunks), ear.front_end.encode(recordings))


def test_spoken_digits(tmp_path: Path) -> None:
    spikes = Ear(SPEECH, tmp_path).hear([[raw] for raw in RECORDINGS])
    assert np.array_equal(spikes, SPEECH.encode(RECORDINGS))
    assert 0.1 < np.mean(spikes != 0) < 0.6
