"""Running models: samples do not see each other, a reset is complete, streaming is the same without it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError
from edgesnn.integer import Interpreter, Model, Node, run
from edgesnn.integer.ops import (
    Dense,
    Input,
    IntegrateFire,
    MatMul,
    MaxPool,
    Membrane,
    Rescale,
    Reshape,
    SpikeCount,
    TernaryLif,
)
from tests.fuzz.strategies import integer_models, samples_for
from tests.integer.stepping import apply

seeds = st.integers(0, 1 << 32)


@given(integer_models(), seeds)
def test_a_sample_does_not_depend_on_its_batch(model: Model, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = samples_for(model, rng)
    order = rng.permutation(len(x))
    together = run(model, x).output
    assert np.array_equal(run(model, x[order]).output, together[order])
    assert np.array_equal(np.concatenate([run(model, one[None]).output for one in x]), together)
    assert np.array_equal(run(model, x, chunk=2).output, together)


@given(integer_models(), seeds)
def test_a_reset_forgets_everything(model: Model, seed: int) -> None:
    x = samples_for(model, np.random.default_rng(seed))
    interpreter = Interpreter(model)
    for sample, expected in zip(x, run(model, x).output, strict=True):
        interpreter.reset(1)
        for step in sample:
            output = interpreter.step(step[None])
        assert np.array_equal(output[0], expected)


@given(integer_models(), seeds)
def test_recording_and_counting_change_nothing(model: Model, seed: int) -> None:
    x = samples_for(model, np.random.default_rng(seed))
    full = run(model, x, record=[node.name for node in model.nodes], count=True)
    assert np.array_equal(full.output, run(model, x).output)
    last = full.traces[model.nodes[-1].name]
    assert np.array_equal(last.output[:, -1], full.output)
    for name, trace in full.traces.items():
        counted = full.counters[name]
        assert np.array_equal(counted.spikes, np.count_nonzero(trace.output.reshape(len(x), -1), axis=1))
        assert (counted.synaptic_adds <= counted.dense_adds).all()


@given(integer_models(streaming=True), seeds)
def test_streaming_is_the_same_without_the_reset(model: Model, seed: int) -> None:
    """A streaming model goes on where its sample ended: twice T steps equal one run of twice as many."""
    x = samples_for(model, np.random.default_rng(seed))
    long = np.concatenate([x, x[::-1]], axis=1)
    interpreter = Interpreter(model)
    interpreter.reset(len(x))
    for t in range(long.shape[1]):
        output = interpreter.step(long[:, t])
    assert np.array_equal(output, run(model, long).output)


def counting() -> Model:
    nodes = (
        Node("x", Input((2,), 0, 1)),
        Node("synapse", Dense([[1, 1]]), ("x",)),
        Node("soma", IntegrateFire(threshold=2), ("synapse",)),
        Node("count", SpikeCount(), ("soma",)),
    )
    return Model("counting", nodes, 3)


def test_more_steps_than_are_proven_are_refused() -> None:
    with pytest.raises(ModelError, match="more than its 3 time steps"):
        run(counting(), np.ones((1, 4, 2)))
    assert run(counting(), np.ones((1, 3, 2))).output.tolist() == [[3]]


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ModelError, match=r"values from 2 to 2 leave the declared range \[0, 1\]"):
        run(counting(), np.full((1, 3, 2), 2))
    with pytest.raises(ModelError, match=r"input of shape \(3,\), not \(2,\)"):
        run(counting(), np.ones((1, 3, 3)))
    with pytest.raises(ModelError, match="no samples to run"):
        run(counting(), np.ones((0, 3, 2)))


def test_counters_by_hand() -> None:
    """Both inputs on, then one, then none, through one synapse row: 2 + 1 + 0 additions of 3 * 2; v = 2 fires, 1, 1."""
    x = np.array([[[1, 1], [1, 0], [0, 0]]])
    counters = run(counting(), x, count=True).counters
    assert counters["x"].spikes.tolist() == [3]
    assert counters["synapse"].synaptic_adds.tolist() == [3]
    assert counters["synapse"].synaptic_multiplies.tolist() == [0]
    assert counters["synapse"].dense_adds == 6
    assert counters["soma"].spikes.tolist() == [1]
    assert (counters["soma"].state_reads, counters["soma"].state_writes) == (3, 3)
    assert counters["soma"].rate == 1 / 3


def test_what_saturates_is_counted_by_hand() -> None:
    """Inputs 9 and -9, twice. The ternary neuron would keep codes +-5, later +-6, and has 2 bits: +-1.
    The other one's potential stops at +-7, of +-9 and of +-16."""
    nodes = (
        Node("x", Input((2,), -9, 9)),
        Node("soma", TernaryLif(1, 100, leak_shift=0, fraction_bits=1, state_bits=2), ("x",)),
        Node("scores", Membrane(), ("soma",)),
    )
    x = np.array([[[9, -9], [9, -9]]])
    assert run(Model("ternary", nodes, 2), x, count=True).counters["soma"].clipped.tolist() == [4]
    nodes = (nodes[0], Node("soma", IntegrateFire(threshold=100, state_bits=4), ("x",)), nodes[2])
    counters = run(Model("soft", nodes, 2), x, count=True).counters
    assert counters["soma"].clipped.tolist() == [4]
    assert counters["scores"].clipped.tolist() == [0]
    nodes = (nodes[0], Node("soma", Rescale(low=-3, high=9), ("x",)), nodes[2])
    assert run(Model("cut", nodes, 2), x, count=True).counters["soma"].clipped.tolist() == [2]


def test_products_of_activity_multiply_where_both_factors_are_graded() -> None:
    """Two non-zero pairs in each of two steps; only graded times graded takes a multiplier."""
    for low, high, multiplies in ((0, 1, 0), (-1, 1, 0), (0, 3, 4)):
        nodes = (
            Node("x", Input((1, 2), low, high)),
            Node("product", MatMul(transpose_b=True), ("x", "x")),
            Node("flat", Reshape((1,)), ("product",)),
            Node("scores", Membrane(), ("flat",)),
        )
        counted = run(Model("product", nodes, 2), np.ones((1, 2, 1, 2)), count=True).counters["product"]
        assert counted.synaptic_adds.tolist() == [4]
        assert counted.synaptic_multiplies.tolist() == [multiplies]


def test_padding_of_a_max_pool_is_silent() -> None:
    assert apply(MaxPool((2,), (1,), (1, 1)), [[0, 0]]) == [[0, 0, 0]]
