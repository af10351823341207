"""Networks of stdbp as integer models: before, while and after they learn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import ModelError
from edgesnn.integer import Array, Model, run
from edgesnn.integer.file import load, save
from edgesnn.integer.learning import Layer, Learning, learned, learner_of, model_of, pupil_of
from edgesnn.integer.ops import IntegrateFire, RelPsp
from edgesnn.learn import trains
from tests.integer.learning.networks import TICKS, samples, small

STEPS = 2 * TICKS


@pytest.fixture
def model() -> Model:
    network = small("stdbp", rate_target=30_000)
    return model_of("ramps", network.layers, STEPS, ramps=True).replace(learning=network.learning)


def spikes(times: Array) -> Array:
    return trains(times[None], STEPS)


def test_the_forward_pass_is_the_model(model: Model) -> None:
    """Before and after learning, hidden spikes, slopes, scores and decisions are those of the interpreter."""
    network = learner_of(model)
    for _ in range(2):
        now = learned(model, network)
        for x, _ in samples("stdbp", 30, seed=2):
            expected = run(now, spikes(x), record=["neuron1"])
            events, records, scores = network.forward(x)
            hidden = expected.traces["neuron1"]
            assert np.array_equal(events[1].time, np.nonzero(hidden.output[0])[0])
            assert np.array_equal(records[0].slope, hidden.states["slope"][0, -1, events[1].neuron])
            assert scores.tolist() == expected.output[0].tolist()
            assert network.infer(x) == expected.decisions[0]
        for x, label in samples("stdbp", 60):
            network.learn(x, label)
    assert now != model


def test_a_file_keeps_it_and_learning_goes_on(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "model.onnx")
    again = load(tmp_path / "model.onnx")
    assert again == model
    network = learner_of(again)
    for x, label in samples("stdbp", 50):
        network.learn(x, label)
    save(learned(model, network), tmp_path / "after.onnx")
    after = load(tmp_path / "after.onnx")
    assert pupil_of(after).latency == TICKS
    tests = [x for x, _ in samples("stdbp", 20, seed=5)]
    found = run(after, np.concatenate([spikes(x) for x in tests])).decisions
    assert found.tolist() == [network.infer(x) for x in tests]


def test_the_brighter_the_earlier(model: Model, tmp_path: Path) -> None:
    """Of 8 steps: 255 in step 0, 128 in 127 * 8 // 256 = 3, 32 in 223 * 8 // 256 = 6, 31 never. The file says so."""
    save(model, tmp_path / "model.onnx")
    values = np.array([[255, 128, 32, 31, 0, 255, 255, 255, 255, 255, 255, 255]])
    for each in (model, load(tmp_path / "model.onnx")):
        x = each.encode(values)
        assert x.shape == (1, STEPS, 12)
        assert [np.flatnonzero(x[0, :, i]).tolist() for i in range(5)] == [[0], [3], [6], [], []]
    with pytest.raises(ModelError, match=r"raw values from 0 to 256 leave \[0, 255\]"):
        model.encode(values + (values == 255))
    with pytest.raises(ModelError, match="its input spikes come in the first 17 of 16 steps"):
        model.replace(encoding=replace(model.encoding, latency=17))
    with pytest.raises(ModelError, match="sends one spike a value"):
        replace(model.encoding, repeat=True)


def test_neurons_of_another_rule_are_refused(model: Model) -> None:
    for rule, remedy in (("std-ed", "Use IntegrateFire"), ("mpd-ed", "Use IntegrateFire")):
        with pytest.raises(ModelError, match=f"neuron1: is no neuron that learns by this rule. {remedy}"):
            learner_of(model.replace(learning=Learning(rule)))
    nodes = [
        replace(node, op=RelPsp([*range(1, 10)])) if node.name == "neuron1" else node for node in model.nodes
    ]  # fmt: skip
    with pytest.raises(ModelError, match=r"neuron1: is no neuron that learns by this rule\. Use RelPsp with one"):
        learner_of(model.replace(nodes=tuple(nodes)))
    layers = (Layer([[5]], 3), Layer([[5]], 3))
    mixed = model_of("mixed", layers, 4, ramps=True)
    nodes = [replace(node, op=IntegrateFire(3)) if node.name == "neuron2" else node for node in mixed.nodes]
    with pytest.raises(ModelError, match="neuron2"):
        learner_of(mixed.replace(nodes=tuple(nodes), learning=Learning("stdbp")))
