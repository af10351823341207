"""`edgesnn listen` and `edgesnn encode`: answers, JSON, and what they refuse."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets
from edgesnn.encode import from_dict
from edgesnn.integer import Metadata, file
from tests.cli.conftest import Cli, answer
from tests.encode.ear import ear
from tests.encode.test_front_end import CHANNELS, SPEECH

RECORDINGS, DIGITS = datasets.recordings("fsdd", "test", 30)


@pytest.fixture
def ear_file(here: Path) -> Path:
    model = ear(SPEECH, classes=10)
    named = Metadata(front_end=model.metadata.front_end, classes=tuple("abcdefghij"), task="fsdd")
    file.save(model.replace(metadata=named), here / "ear.onnx")
    return here / "ear.onnx"


def write_wav(path: Path, samples: np.ndarray, rate: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.astype("<i2").tobytes())
    return path


def test_a_wav(cli: Cli, ear_file: Path, here: Path) -> None:
    sound = write_wav(here / "digit.wav", RECORDINGS[4])
    words = ("listen", ear_file, "--wav", sound, "--target", "mcu", "--board", "host")
    done = cli(*words)
    assert done.exit_code == 0, done.output
    first, second, third = done.stdout.splitlines()
    assert "0.44 s; equal to the reference" in first
    assert second == "ear on mcu/host: 1 recordings of digit.wav, chunks of 15 ms as fast as the link takes them"
    assert third == "every spike, state and score equals the reference"
    record = answer(cli(*words, "--json"))
    assert (record["exact"], record["accuracy"], record["front_end_instructions"]) == (True, None, None)
    (one,) = record["decisions"]
    assert one["name"] in "abcdefghij"
    assert one["label"] is None


def test_a_data_set_in_real_time(cli: Cli, ear_file: Path) -> None:
    words = ("listen", ear_file, "--data", "fsdd", "--limit", "2", "--target", "mcu", "--board", "host", "--real-time")
    record = answer(cli(*words, "--chunk-ms", "20", "--json"))
    assert (record["recordings"], record["exact"], record["chunk_ms"], record["real_time"]) == (2, True, 20.0, True)
    assert [one["label"] for one in record["decisions"]] == DIGITS[:2].tolist()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name one thing to listen to"),
        (("--wav", "a.wav", "--data", "fsdd"), "name one thing to listen to"),
        (("--wav", "a.wav"), "a.wav: cannot be read"),
        (("--wav", "fast.wav"), "at 16000 Hz. Convert it"),
        (("--wav", "stereo.wav"), "has 2 channels"),
        (("--wav", "ear.onnx"), "is no readable .wav file"),
        (("--data", "mnist"), "holds images, not recordings"),
        (("--data", "fsddd"), "is no data set"),
        (("--data", "fsdd", "--split", "tset"), "is no split"),
        (("--data", "fsdd", "--chunk-ms", "0"), "chunk-ms"),
    ],
)
def test_mistakes(cli: Cli, ear_file: Path, here: Path, words: tuple[str, ...], said: str) -> None:
    write_wav(here / "fast.wav", RECORDINGS[0], rate=16_000)
    write_wav(here / "stereo.wav", RECORDINGS[0][:1000], channels=2)
    done = cli("listen", ear_file, *words, "--target", "mcu", "--board", "host")
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_a_model_without_a_front_end_refuses(cli: Cli, model_file: Path) -> None:
    done = cli("listen", model_file, "--data", "fsdd", "--limit", "1", "--target", "mcu", "--board", "host")
    assert done.exit_code == 2
    assert "has no front end, so it cannot hear raw samples. Use `edgesnn run` or `verify`" in done.stderr


def test_other_targets_refuse(cli: Cli, ear_file: Path) -> None:
    done = cli("listen", ear_file, "--data", "fsdd", "--limit", "1", "--target", "tflite")
    assert done.exit_code == 2
    assert "Listen with --target mcu" in done.stderr


def test_run_takes_recordings_through_the_front_end(cli: Cli, ear_file: Path, here: Path) -> None:
    """By name, from an .npz file as recordings, and from one as spikes: the same outputs."""
    length = 3000
    cut = np.stack([np.resize(raw, length) for raw in RECORDINGS[:4]])
    np.savez(here / "sound.npz", samples=cut, labels=DIGITS[:4])
    np.savez(here / "spikes.npz", samples=SPEECH.encode(list(cut)), labels=DIGITS[:4])
    first, second = (
        cli("run", ear_file, "--data", f"{name}.npz", "--out", f"{name}.csv") for name in ("sound", "spikes")
    )
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert (here / "sound.csv").read_text() == (here / "spikes.csv").read_text()
    record = answer(cli("run", ear_file, "--limit", "30", "--json"))
    assert (record["data"], record["samples"]) == ("fsdd test", 30)


def test_verify_uses_the_task(cli: Cli, ear_file: Path) -> None:
    record = answer(cli("verify", ear_file, "--samples", "3", "--target", "mcu", "--board", "host", "--json"))
    assert (record["exact"], record["data"]) == (True, "fsdd test")


def test_encode_fits_and_writes_a_front_end(cli: Cli, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "recordings", lambda name, split: (RECORDINGS, DIGITS))
    done = cli("encode", "fsdd", "--bands", "12", "--theta", "0.7", "--span-down", "0", "--out", "ear.json")
    assert done.exit_code == 0, done.output
    assert "speech front end for fsdd in ear.json: 12 channels, 100 steps" in done.stdout
    written = from_dict(json.loads((here / "ear.json").read_text()))
    assert (written.channels, written.encoder.span_down) == (12, 0)
    record = answer(cli("encode", "fsdd", "--json"))
    assert 0.05 < record["spike_rate"] < 0.6
    assert record["snr_db"] > 5


def test_encode_takes_channels_as_they_are(cli: Cli, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    trials = tuple(rng.normal(0, 300, (50, 28)).cumsum(axis=0).astype(np.int16) for _ in range(5))
    monkeypatch.setattr(datasets, "recordings", lambda name, split: (trials, np.zeros(5)))
    record = answer(
        cli("encode", "eeg-finger-movements", "--upsample", "1", "--common-reference", "--out", "eeg.json", "--json")
    )
    assert (record["kind"], record["channels"], record["steps"]) == ("channels", 28, 50)
    written = from_dict(json.loads((here / "eeg.json").read_text()))
    assert (written.channels, written.reference) == (CHANNELS.channels + 23, 1)


def test_encode_refuses_images(cli: Cli) -> None:
    done = cli("encode", "mnist")
    assert done.exit_code == 2
    assert "holds no recordings" in done.stderr
