"""A last layer that learns in Lava: every decision, every weight and every count are those of our integers."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets, learn
from edgesnn.environments import second_python
from edgesnn.errors import EdgesnnError, UnsupportedModelError
from edgesnn.integer import Array
from edgesnn.integer.learning import Layer, Learning, Pupil
from edgesnn.targets.loihi import LoihiTarget
from edgesnn.targets.loihi.learning.last_layer import errors, rule_of
from edgesnn.targets.loihi.learning.learner import LastLayerLearner
from edgesnn.targets.loihi.learning.session import LoihiLearningSession

TARGET = LoihiTarget()
TICKS = 8


def opened(pupil: Pupil, folder: Path, board: str = "lava-sim") -> LoihiLearningSession:
    session = TARGET.open_learner(pupil, TARGET.board(board), None, folder / "bundle")
    assert isinstance(session, LoihiLearningSession)
    return session


def small(hidden: int = 2, rule: str = "mpd-ed", **constants: int) -> Pupil:
    """12 inputs, so many hidden layers of 9 neurons, 4 classes."""
    rng = np.random.default_rng(3)
    sizes = [12, *[9] * hidden, 4]
    layers = [
        Layer(rng.integers(-40, 90, (outputs, inputs)), 150, 24)
        for inputs, outputs in itertools.pairwise(sizes[:-1])
    ]  # fmt: skip
    last = Layer(rng.integers(-128, 128, (4, sizes[-2])), 0 if rule == "mpd-ed" else 150, 24)
    return Pupil("small", (*layers, last), TICKS, Learning(rule, **constants))  # type: ignore[arg-type]


def lessons(count: int, seed: int = 0) -> tuple[list[Array], list[int]]:
    """Spike trains in which a class has three inputs of its own that fire often."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, count).tolist()
    often = np.repeat(np.eye(4), 3, axis=1)
    return [(rng.random((TICKS, 12)) < 0.1 + 0.7 * often[label]).astype(np.int64) for label in labels], labels


def assert_equal(session: LoihiLearningSession, samples: list[Array], labels: list[int]) -> Array:
    """Returns which decisions were right."""
    session.switch(True)
    taught = session.teach(samples, labels)
    decisions, known = session.expected(samples, labels)
    assert [one.decision for one in taught] == decisions
    assert known.difference(session.knowledge()) is None
    return np.array(decisions) == labels


def test_a_class_has_its_own_inputs_and_is_learned(tmp_path: Path) -> None:
    right = assert_equal(opened(small(0, rate_shift=2, softness=7), tmp_path), *lessons(90))
    assert right[45:].mean() > 0.9 > right[:20].mean()


def test_two_hidden_layers_a_slow_rate_and_halvings(tmp_path: Path) -> None:
    pupil = small(2, rate_shift=9, softness=3, seed=77, halve_every=8)
    session = opened(pupil, tmp_path)
    assert_equal(session, *lessons(40))
    assert session.knowledge().weights[-1] != (2 * pupil.layers[-1].weight).tolist()


def test_switched_off_and_made_to_forget(tmp_path: Path) -> None:
    """A sample alone is the last of all so far, and what is not learned moves nothing."""
    pupil = small(1, rate_shift=3, softness=7)
    session = opened(pupil, tmp_path)
    samples, labels = lessons(6)
    first = session.knowledge()
    one = session.learn(samples[0], labels[0])
    assert not one.learned
    assert session.knowledge().weights == first.weights
    session.switch(True)
    session.teach(samples[:5], labels[:5])
    assert session.learn(samples[5], labels[5]).learned
    reference = LastLayerLearner(pupil)
    wanted: list[int | None] = [None, *labels]
    for sample, label in zip([samples[0], *samples], wanted, strict=True):
        reference.learn(sample, label)
    assert reference.knowledge().difference(session.knowledge()) is None
    session.forget()
    assert first.difference(session.knowledge()) is None


def test_digits_behind_a_hidden_layer_that_was_trained(tmp_path: Path) -> None:
    """The last layer starts from nothing (a tenth is chance); the hidden one was trained in float on other digits."""
    import torch

    images, labels = datasets.sample("mnist")
    values = learn.shrink(images)
    torch.manual_seed(0)
    network = learn.network("mpd-ed", (196, 32, 10))
    learn.train(network, values[:500], labels[:500], epochs=6, batch=20, learning_rate=1e-2)
    hidden, last = learn.integer_layers(network)
    pupil = Pupil("digits", (hidden, replace(last, weight=np.zeros_like(last.weight))), 16,
                  Learning("mpd-ed", rate_shift=3, softness=7))  # fmt: skip
    session = opened(pupil, tmp_path)
    samples = list(learn.trains(learn.latency(values[600:700], 16), 16))
    right = assert_equal(session, samples, labels[600:700].tolist())
    assert right[50:].mean() > 0.3
    known = session.knowledge()
    with_it = session.layers(known)
    assert (with_it[0].weight == hidden.weight).all()
    assert (with_it[1].weight == np.array(known.weights[-1]) >> 1).all()


def test_the_bundle_learns_by_itself(tmp_path: Path) -> None:
    session = opened(small(1), tmp_path)
    samples, labels = lessons(3)
    np.savez(tmp_path / "samples.npz", x=np.stack(samples), labels=np.array(labels))
    words = [second_python(), session.main, "--input", "samples.npz", "--output", "result.npz", "--record", "neuron1"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert_equal(session, samples, labels)
    with np.load(tmp_path / "result.npz") as arrays:
        assert set(arrays) == {"output", "weight", "neuron1.spikes"}
        assert arrays["weight"].tolist() == session.knowledge().weights[-1]
    assert "Learning" in (session.main.parent / "README.md").read_text()
    described = json.loads((session.main.parent / "network.json").read_text())
    assert described["learning"]["rule"]["dw"] == "(1) * 2^-6 * u4 * t * y2 + (-1) * 2^-6 * u4 * t * y3"


@pytest.mark.parametrize("labels", [[0, 4, 1], [0, 1], [-2, 0, 1]])
def test_labels_that_the_bundle_refuses(labels: list[int], tmp_path: Path) -> None:
    session = opened(small(1), tmp_path)
    np.savez(tmp_path / "samples.npz", x=np.stack(lessons(3)[0]), labels=np.array(labels))
    words = [second_python(), session.main, "--input", "samples.npz", "--output", "result.npz"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "are not 3 classes" in done.stderr
    assert not (tmp_path / "result.npz").exists()


@pytest.mark.parametrize(
    ("pupil", "board", "said"),
    [
        (
            small(rule="std-ed"),
            "lava-sim",
            "learns by std-ed; Loihi's learning engine teaches the last layer of mpd-ed",
        ),
        (small(), "loihi2-stock", "hand on errors, which stock neurons do not"),
        (small(rate_shift=16), "lava-sim", "rate_shift 16 with 8 time steps is too slow"),
        (replace(small(), ticks=600), "lava-sim", "600 time steps does not fit 512 steps between updates"),
        (replace(small(), ticks=300), "lava-sim", "rate_shift 6 with 300 time steps is too slow"),
    ],
)
def test_what_is_refused(pupil: Pupil, board: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModelError, match=said):
        opened(pupil, tmp_path, board)
    assert list(tmp_path.iterdir()) == []


def test_a_port_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EdgesnnError, match="has no ports"):
        TARGET.open_learner(small(), TARGET.board("lava-sim"), "/dev/ttyACM0", tmp_path)


def test_potentials_that_leave_24_bits_are_refused(tmp_path: Path) -> None:
    pupil = small(0)
    wide = Layer(np.zeros((4, 5000), np.int64), 0, 24)
    with pytest.raises(UnsupportedModelError, match="beyond 24 bits, once it has learned"):
        opened(replace(pupil, layers=(wide,)), tmp_path)


@pytest.mark.parametrize("rate_shift", range(1, 11))
def test_the_rate_is_that_of_mpd_ed(rate_shift: int) -> None:
    """An error of 1 at n spikes moves a doubled weight by 2^12 n / 2^rate_shift 2/256, but for 127/128."""
    rule = rule_of(rate_shift, 16, 5, 1)
    unit, per_tag = 2 ** rule.dt[0].exponent, 2.0 ** (rule.dw[0].exponent + 7 - 5) / 128
    assert unit * 16 <= 255
    assert unit * per_tag * 128 == pytest.approx(2**12 / 2**rate_shift * 2 / 256)


def test_errors_are_probabilities_less_one_for_the_label() -> None:
    found = errors(np.array([300, 300, 44, -2000]), 0, 8, 0)
    assert found.tolist() == [51 - 127, 51, 25, 0]
    assert errors(np.array([300, 300, 44, -2000]), 0, 8, 3).tolist() == [6 - 15, 6, 3, 0]
