"""Front ends in files: what is read back is what was written, and nothing else is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import edgesnn
from edgesnn.cli import main
from edgesnn.encode import FrontEnd, from_dict, front_end_of, to_dict
from edgesnn.errors import FileError, ModelError
from edgesnn.integer import Encoding, Metadata, file
from tests.encode.ear import ear
from tests.encode.test_front_end import CHANNELS, SPEECH

BOTH = pytest.mark.parametrize("front_end", [SPEECH, CHANNELS], ids=["speech", "channels"])


@BOTH
def test_json_and_back(front_end: FrontEnd) -> None:
    text = json.dumps(to_dict(front_end))
    assert from_dict(json.loads(text)) == front_end
    assert len(text) < 8192


@BOTH
def test_a_model_file_carries_its_front_end(front_end: FrontEnd, tmp_path: Path) -> None:
    model = ear(front_end)
    file.save(model, tmp_path / "ear.onnx")
    assert front_end_of(edgesnn.load(tmp_path / "ear.onnx")) == front_end


def test_the_file_of_a_model_without_one_says_nothing_of_it(tmp_path: Path) -> None:
    model = ear(SPEECH).replace(metadata=Metadata())
    file.save(model, tmp_path / "plain.onnx")
    assert b"front_end" not in (tmp_path / "plain.onnx").read_bytes()
    assert front_end_of(edgesnn.load(tmp_path / "plain.onnx")) is None


def changed(**changes: Any) -> dict[str, Any]:
    """SPEECH with other values; None removes a key, a key with two underscores is one of the encoder's."""
    values = json.loads(json.dumps(to_dict(SPEECH)))
    for key, value in changes.items():
        place, _, inner = key.partition("__")
        table, name = (values[place], inner) if inner else (values, key)
        if value is None:
            del table[name]
        else:
            table[name] = value
    return values


ZEROS, ONES = [0] * 24, [1] * 24
HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": (changed(kind=None), "is of kind None"),
    "unknown kind": (changed(kind="magic"), "is of kind 'magic'"),
    "kind of a list": (changed(kind=[1]), "is of kind [1]"),
    "missing key": (changed(step=None), "for the keys"),
    "unknown key": (changed(extra=1), "for the keys"),
    "encoder of text": (changed(encoder="x"), "for the keys"),
    "encoder without a key": (changed(encoder__silence=None), "for the keys"),
    "truth for a number": (changed(frames=True), "frames is True, not an integer"),
    "fraction": (changed(frames=1.5), "frames is 1.5, not an integer"),
    "huge number": (changed(frames=1 << 40), "not an integer"),
    "long list": (changed(window=[1] * 5000), "window is no short list"),
    "list of lists": (changed(gain=[[1]] * 24), "gain is no short list"),
    "text for a list": (changed(gain="1" * 24), "gain is no short list"),
    "no frames": (changed(frames=0), "frames 0 is outside"),
    "too many frames": (changed(frames=1 << 20), "is outside 1..4096"),
    "no channels": (changed(offset=[], gain=[], encoder__theta=[1]), "0 channels are outside"),
    "lengths differ": (changed(gain=ONES[:-1]), "differ in length"),
    "offset beyond int16": (changed(offset=[40_000] * 24), "an offset is outside int16"),
    "no gain": (changed(gain=ZEROS), "a gain is outside"),
    "gain that clips": (changed(gain=[32_767] * 24, gain_shift=0), "lets features leave int16"),
    "gain shift": (changed(gain_shift=16), "gain_shift 16 is outside"),
    "no threshold": (changed(encoder__theta=ZEROS), "a threshold is outside"),
    "span": (changed(encoder__span_up=40), "a span is outside"),
    "step of nothing": (changed(step=0), "a step of 0 samples"),
    "step beyond the window": (changed(step=201), "a step of 201 samples"),
    "window beyond the points": (changed(window=[1] * 300), "a window of 300 samples"),
    "loud window": (changed(window=[1 << 15] * 200), "the window leaves 0..32767"),
    "odd points": (changed(cosine=[16384] * 101), "are no power of two"),
    "no cosines": (changed(cosine=[]), "are no power of two"),
    "false cosines": (changed(cosine=[16384] * 129), "its cosines are none"),
    "falling segments": (changed(segments=[5, 4] + [25] * 127), "segments do not rise"),
    "segment beyond the bands": (changed(segments=[0] * 128 + [26]), "segments do not rise"),
    "missing bins": (changed(weights=[0] * 128), "are not those of 129 bins"),
    "heavy weight": (changed(weights=[257] * 129), "a weight leaves"),
    "floor": (changed(floor_bits=60), "floor_bits 60 is outside"),
    "emphasis": (changed(preemphasis_shift=0), "preemphasis_shift 0 is outside"),
    "rate": (changed(sample_rate=0), "sample_rate 0 is outside"),
    "upsample": (changed(upsample=7), "upsample 7 is not 1 or 2"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_front_ends(name: str) -> None:
    values, words = HOSTILE[name]
    with pytest.raises((FileError, ModelError)) as caught:
        from_dict(values, "x.onnx")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("name", ["unknown kind", "false cosines", "huge number"])
def test_a_model_file_with_a_hostile_one_is_refused(name: str, tmp_path: Path) -> None:
    metadata = Metadata(front_end=HOSTILE[name][0])
    file.save(ear(SPEECH).replace(metadata=metadata), tmp_path / "bad.onnx")
    with pytest.raises((FileError, ModelError)):
        edgesnn.load(tmp_path / "bad.onnx")
    done = CliRunner().invoke(main, ["run", str(tmp_path / "bad.onnx"), "--data", "fsdd", "--limit", "1"])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_metadata_that_are_no_json() -> None:
    with pytest.raises(ModelError, match="its front_end is not JSON"):
        Metadata(front_end={"x": object()})


def test_a_front_end_for_another_input_is_refused() -> None:
    model = ear(SPEECH)
    for wrong in (
        model.replace(time_steps=99),
        model.replace(metadata=Metadata(front_end=to_dict(CHANNELS))),
        model.replace(encoding=Encoding(-1, 1, 0, 0, repeat=True)),
    ):
        with pytest.raises(ModelError, match="its front end gives spikes"):
            front_end_of(wrong)
