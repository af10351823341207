"""Comparison of two runs: nothing that differs is overlooked, and the first difference is named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from edgesnn.compare import Difference, first_difference, wrong_samples
from edgesnn.integer import Array, Model, Node, Run, Trace, run
from edgesnn.integer.ops import Dense, Input, Lif, Membrane

MODEL = Model(
    "two",
    (
        Node("spikes", Input((3,), 0, 1)),
        Node("synapses", Dense([[2, 4, -2], [6, 2, 2]]), ("spikes",)),
        Node("lif", Lif(threshold=3, current_decay=1024, voltage_decay=512), ("synapses",)),
        Node("head", Dense([[1, -1]], 1), ("lif",)),
        Node("scores", Membrane(), ("head",)),
    ),
    time_steps=4,
)


@pytest.fixture
def reference() -> Run:
    x = np.random.default_rng(1).integers(0, 2, (5, 4, 3))
    return run(MODEL, x, record=("synapses", "lif", "scores"))


def changed(array: Array, index: tuple[int, ...]) -> Array:
    copy = array.copy()
    copy[index] += 1
    return copy


def with_state(reference: Run, layer: str, state: str, index: tuple[int, ...]) -> Run:
    trace = reference.traces[layer]
    other = Trace(trace.output, {**trace.states, state: changed(trace.states[state], index)})
    return dataclasses.replace(reference, traces={**reference.traces, layer: other})


def with_output(reference: Run, layer: str, index: tuple[int, ...]) -> Run:
    trace = reference.traces[layer]
    other = Trace(changed(trace.output, index), trace.states)
    return dataclasses.replace(reference, traces={**reference.traces, layer: other})


def test_equal_runs_have_no_difference(reference: Run) -> None:
    assert wrong_samples(reference, reference).tolist() == []
    assert first_difference(reference, reference) is None


@pytest.mark.parametrize("state", ["u", "v"])
def test_a_single_state_is_enough(reference: Run, state: str) -> None:
    actual = with_state(reference, "lif", state, (3, 2, 1))
    assert wrong_samples(reference, actual).tolist() == [3]
    expected = int(reference.traces["lif"].states[state][3, 2, 1])
    assert first_difference(reference, actual) == Difference(3, 2, "lif", state, (1,), expected, expected + 1)


def test_a_single_output_is_enough(reference: Run) -> None:
    actual = with_output(reference, "synapses", (0, 0, 0))
    assert wrong_samples(reference, actual).tolist() == [0]
    found = first_difference(reference, actual)
    assert found is not None
    assert str(found).startswith("sample 0, step 0, layer synapses, output[0]: expected ")


def test_earliest_sample_then_step_then_layer(reference: Run) -> None:
    late = with_output(reference, "synapses", (2, 3, 0))
    both = with_state(late, "lif", "v", (2, 1, 0))
    assert first_difference(reference, both).layer == "lif"  # type: ignore[union-attr]
    earlier = with_output(both, "scores", (1, 3, 0))
    assert first_difference(reference, earlier).layer == "scores"  # type: ignore[union-attr]
    assert wrong_samples(reference, earlier).tolist() == [1, 2]
    same_step = with_output(with_state(reference, "lif", "v", (0, 0, 0)), "synapses", (0, 0, 1))
    assert first_difference(reference, same_step).layer == "synapses"  # type: ignore[union-attr]


def test_final_outputs_count_where_nothing_was_traced(reference: Run) -> None:
    bare = dataclasses.replace(reference, traces={})
    actual = dataclasses.replace(bare, output=changed(reference.output, (4, 0)))
    assert wrong_samples(reference, actual).tolist() == [4]
    found = first_difference(reference, actual)
    assert found is not None
    assert (found.sample, found.layer, found.index) == (4, "decision", (0,))


def test_other_shapes_are_no_equality(reference: Run) -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        first_difference(reference, dataclasses.replace(reference, traces={}, output=reference.output[:, :0]))
