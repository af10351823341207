"""The learning section of a model and of its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from edgesnn.errors import EdgesnnError, ModelError
from edgesnn.integer import Model, run
from edgesnn.integer.file import load, save
from edgesnn.integer.learning import Learning, learned, learner_of, model_of
from tests.integer.learning.networks import TICKS, samples, small


@pytest.fixture
def model() -> Model:
    network = small("mpd-ed")
    return model_of("learnable", network.layers, TICKS).replace(learning=network.learning)


def test_the_file_keeps_the_section(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "model.onnx")
    assert load(tmp_path / "model.onnx") == model


def test_inference_is_the_same_without_it(model: Model, tmp_path: Path) -> None:
    """The graph does not know of it: files differ in the properties alone."""
    plain = model.replace(learning=None)
    x = np.stack([x for x, _ in samples("mpd-ed", 20)])
    assert (run(plain, x).output == run(model, x).output).all()
    save(model, tmp_path / "model.onnx")
    save(plain, tmp_path / "plain.onnx")
    protos = [onnx.load(str(tmp_path / f"{name}.onnx")) for name in ("model", "plain")]
    assert protos[0].graph == protos[1].graph
    assert ["learning" in json.loads(proto.metadata_props[1].value) for proto in protos] == [True, False]


def test_a_model_learns_and_is_saved(model: Model, tmp_path: Path) -> None:
    network = learner_of(model)
    for x, label in samples("mpd-ed", 50):
        network.learn(x, label)
    after = learned(model, network)
    assert after != model
    save(after, tmp_path / "learned.onnx")
    x = np.stack([x for x, _ in samples("mpd-ed", 20)])
    assert run(load(tmp_path / "learned.onnx"), x).decisions.tolist() == [network.infer(sample) for sample in x]


def test_a_model_without_section_does_not_learn(model: Model) -> None:
    with pytest.raises(ModelError, match="has no learning section"):
        learner_of(model.replace(learning=None))
    with pytest.raises(ModelError, match="Use RelPsp with one threshold"):
        learner_of(model.replace(learning=Learning("stdbp")))
    with pytest.raises(ModelError, match="All layers fire, but for the last one of mpd-ed and stbp"):
        learner_of(model.replace(learning=Learning("std-ed")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "hebb"}, "Known: std-ed, mpd-ed, stdbp"),
        ({"rate_shift": 1 << 40}, "outside 1..16"),
        ({"rate_shift": 1.5}, "learning.rate_shift is 1.5, not int"),
        ({"stochastic": 1}, "learning.stochastic is 1, not bool"),
        ({"colour": 1}, "'learning.colour' is unknown"),
        ({"seed": None}, "learning.seed is None"),
    ],
)
def test_a_wrong_section_is_refused(model: Model, tmp_path: Path, change: dict[str, Any], words: str) -> None:
    save(model, tmp_path / "model.onnx")
    proto = onnx.load(str(tmp_path / "model.onnx"))
    (entry,) = (entry for entry in proto.metadata_props if entry.key == "edgesnn.model")
    properties = json.loads(entry.value)
    properties["learning"] |= change
    entry.value = json.dumps(properties)
    onnx.save(proto, str(tmp_path / "wrong.onnx"))
    with pytest.raises(EdgesnnError, match=words):
        load(tmp_path / "wrong.onnx")
    properties["learning"] = 7
    entry.value = json.dumps(properties)
    onnx.save(proto, str(tmp_path / "wrong.onnx"))
    with pytest.raises(EdgesnnError, match="learning is 7, not an object"):
        load(tmp_path / "wrong.onnx")
