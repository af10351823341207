"""The neuron with graded spikes: golden vectors, the quantiser it equals, and its ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer import Meaning
from edgesnn.integer.ops import GradedLif, IntegrateFire
from tests.integer.stepping import prove, run_op, signal


def test_how_often_the_threshold_fits() -> None:
    """9, 10, 29, 30, 99, -25 against 10 with at most 3: 0, 1, 2, 3, 3, 0; what was not sent stays."""
    spikes, states = run_op(GradedLif(threshold=10, levels=3), [[9, 10, 29, 30, 99, -25]], [0] * 6)
    assert spikes == [[0, 1, 2, 3, 3, 0]]
    assert states == [[[9, 0, 9, 0, 69, -25]]]


def test_what_stays_is_sent_later() -> None:
    """99 holds nine tens: 3, 3 and 3 again, then 9 is left."""
    assert run_op(GradedLif(threshold=10, levels=3), [[99], [0], [0], [0]], [0]) == (
        [[3], [3], [3], [0]],
        [[[69]], [[39]], [[9]], [[9]]],
    )


def test_decay_bias_and_saturation_come_before_the_spike() -> None:
    """Half of 21 and of -21 is 10, -10; plus 100 and 5 is 115, saturated at 7 bits: 63; -10 - 100 + 5 at -63."""
    neuron = GradedLif(threshold=20, levels=15, bias=5, voltage_decay=2048, state_bits=7)
    assert run_op(neuron, [[100, -100]], [21, -21]) == ([[3, 0]], [[[3, -63]]])


def test_threshold_and_bias_by_channel() -> None:
    neuron = GradedLif(threshold=[[2], [5]], bias=[[0], [1]], levels=7)
    assert run_op(neuron, [[[9, -1], [9, 4]]], [[0, 0], [0, 0]]) == ([[[4, 0], [2, 1]]], [[[[1, -1], [0, 0]]]])


def test_one_level_is_integrate_and_fire_by_subtraction() -> None:
    rng = np.random.default_rng(0)
    steps = rng.integers(-30, 60, (50, 40)).tolist()
    one, fire = GradedLif(threshold=25, levels=1, state_bits=16), IntegrateFire(threshold=25, state_bits=16)
    assert run_op(one, steps, [0] * 40) == run_op(fire, steps, [0] * 40)
    assert prove(one, signal(1)).output.meaning is Meaning.SPIKE
    assert prove(GradedLif(25, 3), signal(1)).output.meaning is Meaning.GRADED


@pytest.mark.parametrize("levels", [1, 3, 7, 15])
@pytest.mark.parametrize("steps", [1, 2, 5, 16])
def test_constant_input_is_quantised(levels: int, steps: int) -> None:
    """The count over T steps is clip((T I + V0) // threshold, 0, T levels), for every current and many starts: T steps
    of b bits say what a quantiser of T (2^b - 1) + 1 values says."""
    threshold = 12
    current = np.arange(-3 * threshold, 20 * threshold)
    for start in range(threshold):
        v = np.full((1, current.size), start)
        count = np.zeros_like(v)
        for _ in range(steps):
            o, (v,) = GradedLif(threshold, levels).step((current[None],), (v,))
            count += o
        assert (count[0] == np.clip((steps * current + start) // threshold, 0, steps * levels)).all()


def test_input_that_varies_is_not() -> None:
    """40, then -40: sum 0, yet the spikes of the first step are not taken back."""
    assert run_op(GradedLif(threshold=10, levels=3), [[40], [-40]], [0])[0] == [[3], [0]]


def test_what_stays_is_known_to_the_integer() -> None:
    """Of 39, three thresholds are sent and 9 stays; of 99 stays 69; 7 never fires and stays."""
    op = GradedLif(threshold=10, levels=3)
    for high, most, stays in ((7, 0, 7), (39, 3, 9), (99, 3, 69)):
        proven = prove(op, signal(1, low=-4, high=high))
        assert (proven.output.range.minimum, proven.output.range.maximum) == (0, most)
        assert (proven.states[0].minimum, proven.states[0].maximum) == (-4, stays)


@given(
    st.integers(1, 15), st.integers(1, 15), st.integers(-9, 9), st.sampled_from((0, 1, 1024, 4095, 4096)),
    st.integers(2, 9), st.tuples(st.integers(-50, 50), st.integers(0, 40)), st.integers(1, 5),
)  # fmt: skip
def test_all_that_is_reachable_is_within_the_proven_range(
    levels: int, theta: int, bias: int, decay: int, bits: int, span: tuple[int, int], steps: int
) -> None:
    op = GradedLif(theta, levels, bias, decay, bits)
    low, high = span[0], span[0] + span[1]
    proven = prove(op, signal(1, low=low, high=high), steps=steps)
    inputs, states = np.arange(low, high + 1), np.zeros(1, np.int64)
    for _ in range(steps):
        a, v = (grid.reshape(-1, 1) for grid in np.meshgrid(inputs, states))
        o, (after,) = op.step((a,), (v,))
        states = np.unique(after)
        assert proven.output.range.minimum <= o.min() and o.max() <= proven.output.range.maximum
        assert proven.states[0].minimum <= states.min() and states.max() <= proven.states[0].maximum


def test_refusals() -> None:
    for attributes, words in (
        ({"threshold": 0}, "threshold 0 is not positive"),
        ({"threshold": 5, "levels": 0}, "levels 0 is outside 1..15"),
        ({"threshold": 5, "levels": 16}, "levels 16 is outside 1..15"),
        ({"threshold": 5, "voltage_decay": 4097}, "voltage_decay 4097 is outside"),
    ):
        with pytest.raises(ModelError, match=words):
            GradedLif(**attributes)
    with pytest.raises(RangeError, match="its membrane potential may reach"):
        prove(GradedLif(5, bias=9), signal(1, low=0, high=(1 << 31) - 1))
