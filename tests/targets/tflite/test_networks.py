"""Whole networks in both interpreters and both forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesnn.integer import Model, decide, run
from edgesnn.samples import task_samples
from edgesnn.zoo import load
from tests.factory import q_snn_like, q_snn_loihi_like
from tests.fuzz.strategies import integer_models, samples_for
from tests.targets.tflite.harness import (
    OLDER_BOARDS,
    assert_exact,
    assert_exact_here,
    build,
    needs_older_runtime,
    running,
    samples,
)

NETWORKS = {"q_snn_like": q_snn_like, "q_snn_loihi_like": q_snn_loihi_like}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Model:
    return NETWORKS[request.param]()


@pytest.mark.parametrize(("board", "count"), [("litert", 200), ("litert-variables", 30)])
def test_litert(network: Model, board: str, count: int, tmp_path: Path) -> None:
    assert_exact(network, samples(network, count), tmp_path, board)


@pytest.mark.parametrize("board", OLDER_BOARDS)
def test_older_runtime(network: Model, board: str, tmp_path: Path) -> None:
    assert_exact(network, samples(network, 20), tmp_path, board)


@pytest.mark.parametrize("state_bits", [2, 4])
def test_narrow_states(state_bits: int, tmp_path: Path) -> None:
    model = q_snn_like(state_bits)
    assert_exact(model, samples(model, 20), tmp_path)


@pytest.mark.parametrize("form", ["", "-variables"])
def test_both_runtimes_read_the_same_file(network: Model, form: str, tmp_path: Path) -> None:
    ours = build(network, tmp_path / "a", "litert" + form).main.read_bytes()
    assert ours == build(network, tmp_path / "b", "tflite-runtime" + form).main.read_bytes()


@pytest.mark.parametrize("board", ["litert", "litert-variables", *OLDER_BOARDS])
def test_stepping_by_hand(board: str, tmp_path: Path) -> None:
    """`step` sample by sample, with `reset` between; the states of one sample leave no trace in the next."""
    model = q_snn_loihi_like()
    x = samples(model, 3)
    with running(model, tmp_path, board) as session:
        outputs = []
        for sample in x:
            session.reset()
            outputs.append([session.step(frame) for frame in sample][-1])
        assert np.array_equal(outputs, run(model, x).output)
        assert np.array_equal(session.decide(x), decide(run(model, x).output))
        assert np.array_equal(session.step(x[0, 0]), run(model, x[:1, :1]).output[0])


@given(integer_models(), st.integers(0, 1 << 32))
def test_random_models(tmp_path_factory: pytest.TempPathFactory, model: Model, seed: int) -> None:
    board = ("litert", "litert-variables")[seed % 2]
    assert_exact_here(model, samples_for(model, np.random.default_rng(seed)), tmp_path_factory.mktemp("random"), board)


@needs_older_runtime
@given(integer_models(), st.integers(0, 1 << 32))
@settings(max_examples=8)
def test_random_models_in_the_older_runtime(tmp_path_factory: pytest.TempPathFactory, model: Model, seed: int) -> None:
    board = ("tflite-runtime", "tflite-runtime-variables")[seed % 2]
    assert_exact(model, samples_for(model, np.random.default_rng(seed)), tmp_path_factory.mktemp("random"), board)


def test_the_zoos_network_on_real_digits(tmp_path: Path) -> None:
    """The scores of 1,000 MNIST test images."""
    model = load("q_snn")
    x = task_samples(model, 1000).x
    with running(model, tmp_path) as session:
        assert np.array_equal(session.run(x), run(model, x).output)
