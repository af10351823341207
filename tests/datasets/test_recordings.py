"""Recordings: wav files and archives that are not what they should be, splits, and the packaged sample."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets
from edgesnn.datasets import fsdd, packaged, wav
from edgesnn.errors import DataError

SAMPLE = packaged.FOLDERS["fsdd"] / "recordings.zip"


def sound(samples: np.ndarray, channels: int = 1, width: int = 2, rate: int = 8000) -> bytes:
    packed = io.BytesIO()
    with wave.open(packed, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return packed.getvalue()


RAMP = np.arange(-500, 500, dtype="<i2")
GOOD = sound(RAMP)


def test_samples_are_those_written(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(GOOD)
    samples = wav.read(tmp_path / "a.wav", 8000)
    assert samples.dtype == np.int16
    assert np.array_equal(samples, RAMP)
    assert len(wav.parse(sound(RAMP[:0]), "empty", 8000)) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (sound(RAMP, rate=16_000), "has 1 channels of 16 bits at 16000 Hz. Convert it to one channel of 16 bits"),
        (sound(RAMP, channels=2), "has 2 channels"),
        (sound(RAMP, width=1), "of 8 bits"),
        (sound(RAMP[:999], width=3), "of 24 bits"),
        (GOOD[:-10], "ends after 995 of 1000 samples"),
        (GOOD[:30], "is no readable .wav file"),
        (b"", "is no readable .wav file"),
        (b"RIFF" + b"\xff" * 40, "is no readable .wav file"),
        (b"MThd" + GOOD[4:], "is no readable .wav file"),
        (GOOD.replace(struct.pack("<HH", 1, 1), struct.pack("<HH", 3, 1), 1), "is no readable .wav file"),
        (GOOD.replace(b"data" + struct.pack("<I", 2000), b"data" + struct.pack("<I", 1 << 31)), "ends after"),
    ],
    ids=["rate", "stereo", "8 bits", "24 bits", "cut", "header", "empty", "garbage", "other file", "floats", "lies"],
)  # fmt: skip
def test_wavs_that_do_not_fit(data: bytes, words: str) -> None:
    with pytest.raises(DataError) as caught:
        wav.parse(data, "x.wav", 8000)
    assert words in str(caught.value)


def test_a_wav_that_is_not_there_and_one_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        wav.read(tmp_path / "none.wav", 8000)
    monkeypatch.setattr(wav, "MAX_BYTES", 100)
    (tmp_path / "long.wav").write_bytes(GOOD)
    with pytest.raises(DataError, match="is larger than 100 bytes"):
        wav.read(tmp_path / "long.wav", 8000)


def test_packaged_sample_is_every_digit_by_three_speakers() -> None:
    recordings, digits = datasets.recordings("fsdd", "test", 30)
    assert digits.tolist() == [*range(10)] * 3
    assert all(one.dtype == np.int16 and 1000 < len(one) < 20_000 for one in recordings)
    assert SAMPLE.stat().st_size < 300_000
    few, first = datasets.recordings("fsdd", "test", 2)
    assert np.array_equal(few[1], recordings[1])
    assert first.tolist() == [0, 1]


def archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return packed.getvalue()


def test_only_recordings_are_unpacked() -> None:
    """Whatever else is there, and however it is called, is not even opened."""
    odd = ("../recordings/0_a_1.wav", "/recordings/0_a_1.wav", "a/b/recordings/0_a_1.wav", "recordings/0_a_1.wav.exe",
           "recordings/12_a_1.wav", "recordings/0_A_1.wav", "README.md")  # fmt: skip
    packed = archive({**dict.fromkeys(odd, b"x"), "v1.0/recordings/3_ann_7.wav": GOOD, "recordings/4_ann_49.wav": GOOD})
    assert fsdd.unpack(packed, "x") == {"3_ann_7.wav": GOOD, "4_ann_49.wav": GOOD}
    found = fsdd.parsed(fsdd.unpack(packed, "x"), "x")
    assert [(one.digit, one.speaker, one.take) for one in found] == [(3, "ann", 7), (4, "ann", 49)]


def test_order_is_take_speaker_digit() -> None:
    names = ("1_b_0.wav", "0_b_0.wav", "5_a_1.wav", "9_a_0.wav")
    found = fsdd.parsed(dict.fromkeys(names, GOOD), "x")
    assert [f"{one.digit}_{one.speaker}_{one.take}.wav" for one in found] == [
        "9_a_0.wav", "0_b_0.wav", "1_b_0.wav", "5_a_1.wav",
    ]  # fmt: skip


WHOLE = archive({"recordings/0_a_0.wav": GOOD * 20})
SWELLS = archive({"recordings/0_a_0.wav": bytes(1 << 20)})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no sound zip archive"),
        (WHOLE[: len(WHOLE) // 2], "is no sound zip archive"),
        (WHOLE[:60] + bytes(20) + WHOLE[80:], "is no sound zip archive"),
        (SWELLS, "is larger than 131072 bytes"),
    ],
    ids=["empty", "half", "damaged", "swells"],
)  # fmt: skip
def test_archives_that_are_none(data: bytes, words: str) -> None:
    with pytest.raises(DataError) as caught:
        fsdd.unpack(data, "x.zip")
    assert words in str(caught.value)


def test_an_archive_of_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fsdd, "MAX_MEMBERS", 3)
    with pytest.raises(DataError, match="has 4 members"):
        fsdd.unpack(archive({f"{n}.txt": b"" for n in range(4)}), "x")


def test_other_recordings_than_the_published_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESNN_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"fsdd_recordings\.zip: is missing\. No public address serves this very file"):
        datasets.recordings("fsdd", "fit")
    (tmp_path / "fsdd").mkdir()
    (tmp_path / "fsdd" / "fsdd_recordings.zip").write_bytes(SAMPLE.read_bytes())
    with pytest.raises(DataError, match="does not hold the published 3,000 recordings"):
        datasets.recordings("fsdd", "test")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: datasets.recordings("mnist", "test", 1), "mnist: holds images, not recordings"),
        (lambda: datasets.load("fsdd", "test", 1), "fsdd: holds recordings, not images"),
        (lambda: datasets.recordings("fsdd", "tset"), "is no split"),
        (lambda: datasets.recordings("fsdd", "test", 0), "leaves no samples"),
        (lambda: datasets.recordings("fsddd", "test"), "is no data set"),
    ],
)
def test_mistakes(call: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)


def test_published_recordings(full_data: Path) -> None:
    sizes = {split: len(datasets.recordings("fsdd", split)[1]) for split in ("train", "fit", "validation", "test")}
    assert sizes == {"train": 2700, "fit": 2400, "validation": 300, "test": 300}
    recordings, digits = datasets.recordings("fsdd", "test")
    assert np.bincount(digits).tolist() == [30] * 10
    sample, labels = datasets.recordings("fsdd", "test", 30)
    assert all(np.array_equal(one, other) for one, other in zip(sample, recordings, strict=False))
    assert np.array_equal(labels, digits[:30])


def test_published_finger_movements(full_data: Path) -> None:
    sizes = {
        split: len(datasets.recordings("eeg-finger-movements", split)[1])
        for split in ("train", "fit", "validation", "test")
    }
    assert sizes == {"train": 316, "fit": 250, "validation": 66, "test": 100}
    trials, sides = datasets.recordings("eeg-finger-movements", "train")
    assert trials[0].shape == (50, 28)
    assert trials[0][:5, 0].tolist() == [418, 448, 471, 374, 401]
    assert np.bincount(sides).tolist() == [159, 157]
