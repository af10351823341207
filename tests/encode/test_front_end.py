"""Front ends: the integer spectrum is the spectrum, streams are batches, constants are those of the training data."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesnn import datasets
from edgesnn.encode import FrontEnd, Thresholds, design_channels, design_speech
from edgesnn.encode.logarithm import TABLE, log2
from edgesnn.encode.mel import WHOLE, design, energies
from edgesnn.encode.spectrum import cosines, power
from edgesnn.errors import ConfigError, DataError, ModelError

RECORDINGS, DIGITS = datasets.recordings("fsdd", "test", 30)
SPEECH = design_speech(RECORDINGS, thresholds=Thresholds(1.0, 2, 1, 6), floor_bits=18)
RNG = np.random.default_rng(0)
TRIALS = tuple(RNG.normal(0, 300, (50, 5)).cumsum(axis=0).astype(np.int16) for _ in range(8))
CHANNELS = design_channels(TRIALS, sample_rate=100, frames=40, upsample=2)
BOTH = pytest.mark.parametrize("front_end", [SPEECH, CHANNELS], ids=["speech", "channels"])


@pytest.mark.parametrize("points", [32, 64, 128, 256, 512])
def test_power_is_four_times_that_of_the_fourier_transform(points: int) -> None:
    x = RNG.integers(-60_000, 60_000, (20, points))
    wanted = 4 * np.abs(np.fft.rfft(x)) ** 2
    got = power(x, np.array(cosines(points)))
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max() < 1e-4 * wanted.max()


def test_log2_of_every_power_and_of_random_numbers() -> None:
    powers = 1 << np.arange(63)
    assert np.array_equal(log2(powers), 256 * np.arange(63))
    x = np.exp2(RNG.uniform(0, 62, 10_000)).astype(np.int64)
    assert (np.abs(log2(x) - 256 * np.log2(x)) <= 2).all()
    assert (np.diff(TABLE) >= 0).all()
    assert TABLE.max() <= 255


def test_mel_bands_are_triangles_that_share_every_bin() -> None:
    segments, weights = (np.array(part) for part in design(256, 8000, 24, 100, 4000))
    bands = energies(np.eye(129, dtype=np.int64), segments, weights, 24)
    assert bands.min() >= 0
    assert bands.max() <= WHOLE
    inner = (segments >= 1) & (segments < 24)
    assert (bands[inner].sum(axis=1) == WHOLE).all()
    assert (np.count_nonzero(bands, axis=1) <= 2).all()
    assert (bands.argmax(axis=0)[1:] >= bands.argmax(axis=0)[:-1]).all()


def test_features_follow_the_float_computation() -> None:
    """The same steps in floating point, normalised alike, for one recording."""
    x = RECORDINGS[7].astype(np.float64)
    y = np.concatenate([x[:1], x[1:] - 31 / 32 * x[:-1]])
    starts = np.arange(0, len(x) - 199, 80)[:50]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(200) / 200)
    spectrum = 4 * np.abs(np.fft.rfft(y[starts[:, None] + np.arange(200)] * window, 256)) ** 2
    segments, weights = (np.array(part) for part in (SPEECH.segments, SPEECH.weights))
    triangles = energies(np.eye(129, dtype=np.int64), segments, weights, 24)
    wanted = 256 * np.log2(spectrum @ triangles + (1 << 18))
    scaled = (wanted - np.array(SPEECH.offset)) * np.array(SPEECH.gain) / (1 << SPEECH.gain_shift)
    error = np.abs(SPEECH.features(RECORDINGS[7]) - scaled)  # of 256 a standard deviation
    assert np.median(error) < 1
    assert error.max() < 32  # where a band is about as quiet as one unit of a 16-bit sample


def test_constants_are_those_of_the_recordings_given() -> None:
    features = np.concatenate([SPEECH.features(raw) for raw in RECORDINGS])
    assert np.abs(features.mean(axis=0)).max() < 2
    assert np.abs(features.std(axis=0) - 256).max() < 4
    signal = np.stack([SPEECH.interpolated(SPEECH.features(raw)) for raw in RECORDINGS])
    theta = np.diff(signal, axis=1).std(axis=(0, 1))
    assert np.abs(np.array(SPEECH.encoder.theta) - theta).max() <= 0.51
    assert design_speech(RECORDINGS[:15], floor_bits=18).offset != SPEECH.offset


@BOTH
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_chunks_are_the_recording(front_end: FrontEnd, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, 5000 if front_end.inputs == 1 else 60))
    seed = data.draw(st.integers(0, 1 << 30))
    raw = np.random.default_rng(seed).integers(-32768, 32768, (length, front_end.inputs)).astype(np.int16)
    cuts = sorted(data.draw(st.lists(st.integers(0, length), max_size=8)))
    stream = front_end.stream()
    parts = [stream.push(part) for part in np.split(raw, cuts)]
    assert np.array_equal(np.concatenate([*parts, stream.end()]), front_end.encode([raw])[0])


@BOTH
def test_every_recording_gives_all_steps(front_end: FrontEnd) -> None:
    lengths = (0, 1, front_end.window_size - front_end.lead, front_end.samples_used, front_end.samples_used + 500)
    long = RNG.integers(-500, 500, (max(lengths), front_end.inputs)).astype(np.int16)
    spikes = front_end.encode([long[:length] for length in lengths])
    assert spikes.shape == (5, front_end.steps, front_end.channels)
    assert not spikes[0].any()  # shorter than a window: nothing was measured
    assert np.array_equal(spikes[3], spikes[4])  # what comes after the last frame is not looked at
    assert front_end.encode([]).shape == (0, front_end.steps, front_end.channels)


def test_the_step_between_two_frames_is_their_mean() -> None:
    features = np.array([[10, -10], [15, -15], [16, -17]])
    small = design_channels([np.zeros((4, 2), np.int16)], 100, frames=4, upsample=2)
    assert small.interpolated(features).tolist() == [
        [10, -10], [12, -12], [15, -15], [15, -16], [16, -17], [16, -17], [16, -17], [16, -17],
    ]  # fmt: skip


def test_speech_features_never_clip_and_others_are_counted() -> None:
    square = np.tile(np.array([-32768] * 3 + [32767] * 3, np.int16), 700)
    assert SPEECH.clipped([square, np.zeros(4000, np.int16), *RECORDINGS]) == 0
    assert CHANNELS.clipped(TRIALS) == 0
    fine = design_channels([trial // 64 for trial in TRIALS], 100, frames=40)
    loud = np.full((3, 5), 32767, np.int16)
    assert fine.clipped([loud]) == 15
    assert np.abs(fine.features(loud)).max() == 32767


@pytest.mark.parametrize(
    "raw",
    [np.zeros((3, 2), np.int16), np.zeros(5), np.array([1, 40_000]), np.zeros((2, 2, 2), np.int16)],
    ids=["stereo", "floats", "beyond int16", "three axes"],
)
def test_recordings_that_do_not_fit(raw: np.ndarray) -> None:
    with pytest.raises(DataError, match="speech"):
        SPEECH.encode([raw])


@pytest.mark.parametrize(
    "options",
    [
        {"sample_rate": 10}, {"bands": 0}, {"bands": 65}, {"high_hz": 5000.0}, {"low_hz": 4000.0},
        {"window_ms": 0.1}, {"window_ms": 100.0},
    ],
)  # fmt: skip
def test_designs_that_make_no_sense(options: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="front_end"):
        design_speech(RECORDINGS[:2], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"frames": 0}, {"upsample": 3}, {"floor_bits": 41}, {"step_ms": 26.0}])
def test_sizes_out_of_range(options: dict[str, float]) -> None:
    with pytest.raises(ModelError, match="front end speech"):
        design_speech(RECORDINGS[:2], **options)  # type: ignore[arg-type]


def test_nothing_to_fit_on() -> None:
    with pytest.raises(ConfigError, match="no recording"):
        design_speech([])
    with pytest.raises(ConfigError, match="shorter than a window"):
        design_speech([np.zeros(10, np.int16)])


def test_common_reference_takes_off_what_all_channels_share() -> None:
    referenced = design_channels(TRIALS, sample_rate=100, frames=40, common_reference=True)
    shared = np.linspace(-900, 900, 50).astype(np.int16)[:, None]
    windows = [referenced.windows(referenced.checked(raw)) for raw in (TRIALS[0], TRIALS[0] + shared)]
    assert np.abs(referenced.measure(windows[0]) - referenced.measure(windows[1])).max() <= 1
    mean = TRIALS[0][:40].mean(axis=1, keepdims=True)
    assert np.array_equal(referenced.measure(windows[0]), TRIALS[0][:40] - np.trunc(mean))
    with pytest.raises(ModelError, match="reference 2"):
        dataclasses.replace(referenced, reference=2)
