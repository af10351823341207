"""A scale of its own for every step: golden vectors and ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer.ops import Rescale, StepRescale
from tests.integer.stepping import prove, run_op, signal


def test_multipliers_take_turns_and_the_last_stays() -> None:
    """5 * 2, 5 * 3, 5 * -1, and -1 for ever; the state counts to the last row and no further."""
    outputs, states = run_op(StepRescale([2, 3, -1]), [[5]] * 5, [0])
    assert outputs == [[10], [15], [-5], [-5], [-5]]
    assert [t for (t,) in states] == [[1], [2], [2], [2], [2]]


def test_multiplies_adds_shifts_down() -> None:
    """(5 * 2 + 1) >> 1 = 5, (-5 * 2 + 1) >> 1 = -9 >> 1 = -5; then by 3: 16 >> 1 = 8, -14 >> 1 = -7."""
    assert run_op(StepRescale([2, 3], 1, 1), [[5, -5]] * 2, [0])[0] == [[5, -5], [8, -7]]


def test_channels_at_each_step() -> None:
    """Two steps, two channels of two: rows [1, 2] and [10, -10] of multipliers; offsets 0 and 1."""
    op = StepRescale([[[1], [2]], [[10], [-10]]], [[0], [1]])
    assert run_op(op, [[[1, 2], [3, 4]]] * 2, [0])[0] == [[[1, 2], [7, 9]], [[10, 20], [-29, -39]]]


def test_samples_at_different_steps() -> None:
    """The state belongs to the sample."""
    y, (t,) = StepRescale([2, 3]).step((np.array([[5], [5]]),), (np.array([[0], [1]]),))
    assert (y.tolist(), t.tolist()) == ([[10], [15]], [[1], [1]])


def test_one_row_is_a_rescale() -> None:
    x = np.arange(-20, 21).tolist()
    assert run_op(StepRescale([7], 3, 2), [x], [0])[0] == run_op(Rescale(7, 3, 2), [x])[0]


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.integers(-20, 20), st.integers(0, 4),
    st.tuples(st.integers(-20, 20), st.integers(0, 20)), st.integers(1, 8),
)  # fmt: skip
def test_all_that_is_reachable_is_within_the_proven_range(
    rows: list[int], offset: int, shift: int, span: tuple[int, int], steps: int
) -> None:
    """Every input at every step; and the bounds are reached, by one of the multipliers that a run has."""
    op, inputs = StepRescale(rows, offset, shift), np.arange(span[0], span[0] + span[1] + 1)
    proven = prove(op, signal(1, low=int(inputs[0]), high=int(inputs[-1])), steps=steps)
    outputs, states = run_op(op, [[x] for x in inputs[:1]] * steps, [0])
    seen = [((x * rows[min(t, len(rows) - 1)] + offset) >> shift) for t in range(steps) for x in inputs.tolist()]
    assert outputs[0][0] in seen
    assert proven.output.range.minimum <= min(seen) and max(seen) <= proven.output.range.maximum
    assert proven.states[0].minimum <= 0 and states[-1][0][0] <= proven.states[0].maximum <= len(rows) - 1


def test_rows_that_no_run_reaches_do_not_count() -> None:
    """Two steps of a sample never see the third multiplier, which would leave int32."""
    op = StepRescale([1, 2, 1 << 30])
    assert prove(op, signal(1, low=0, high=100), steps=2).output.range.maximum == 200
    with pytest.raises(RangeError, match=r"x \* multiplier \+ offset may reach"):
        prove(op, signal(1, low=0, high=100), steps=3)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"multiplier": 3}, "no axis for the time steps"),
        ({"multiplier": [1], "shift": 31}, "shift 31 is outside 0..30"),
        ({"multiplier": np.ones(1 << 15, int)}, "32768 steps leave 16 bits"),
    ],
)
def test_refusals(attributes: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        StepRescale(**attributes)  # type: ignore[arg-type]


def test_multipliers_of_another_shape_are_refused() -> None:
    with pytest.raises(ModelError, match=r"multiplier of shape \(3,\) does not broadcast to \(2,\)"):
        prove(StepRescale(np.ones((4, 3), int)), signal(2))


def test_thousands_of_steps_are_proven_at_once() -> None:
    """The work does not grow with steps times elements: 32,767 steps of 65,536 elements would be hours."""
    op = StepRescale(np.arange(32_767), shift=3)
    wide = signal(1 << 16, low=-9, high=9)
    assert prove(op, wide, steps=None).output.range.maximum == (9 * 32_766) >> 3
