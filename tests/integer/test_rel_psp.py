"""The ReL-PSP neuron: golden vectors, the rule in closed form, what must hold of spike times, and its ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer import Array, Encoding, Model, Node, run
from edgesnn.integer.learning.events import Events
from edgesnn.integer.learning.ramps import crossings
from edgesnn.integer.ops import Dense, FirstSpike, Input, RelPsp
from edgesnn.integer.ranges import PATIENCE
from tests.integer.stepping import prove, run_op, signal

TICKS = 64


def fires_at(weight: Array, times: Array, threshold: Array | int, ticks: int = TICKS) -> Array:
    """Ticks (outputs,) of the neurons of one layer, `ticks` where they stay silent; inputs at `ticks` never come."""
    weight = np.asarray(weight)
    nodes = (
        Node("x", Input((weight.shape[1],), 0, 1)),
        Node("synapses", Dense(weight), ("x",)),
        Node("neurons", RelPsp(threshold), ("synapses",)),
        Node("scores", FirstSpike(ticks), ("neurons",)),
    )
    model = Model("layer", nodes, ticks, encoding=Encoding(0, 1, 0, 0, repeat=False))
    x = (np.arange(ticks)[:, None] == np.asarray(times)).astype(int)
    found = run(model, x[None], record=["neurons"])
    spikes = found.traces["neurons"].output[0]
    assert spikes.sum(0).max(initial=0) <= 1
    first = np.where(spikes.any(0), spikes.argmax(0), ticks)
    assert (found.output[0] == ticks - first).all()
    return first


def test_by_hand() -> None:
    """Weights 2, 2, -1 at 0, 50, 120, threshold 200, that is 1, 1, -1/2 at 100 ticks a unit: slope 4 from tick 50 on,
    so 2 t + 2 (t - 50) = 200 at ceil((200 + 100) / 4) = 75; the third input is too late."""
    assert fires_at([[2, 2, -1]], [0, 50, 120], 200, ticks=128).tolist() == [75]
    assert fires_at([[2, 2, -1]], [0, 50, 60], 200, ticks=128).tolist() == [80]  # (200 + 100 - 60) / 3


def test_the_slope_moves_the_potential_from_the_next_step_on() -> None:
    """3, then 3 more: v = 0, 3, 9, 15 of 15; both states stay from there on, whatever comes."""
    spikes, states = run_op(RelPsp(15), [[3], [3], [0], [5], [-9]], [0], [0])
    assert spikes == [[0], [0], [0], [1], [0]]
    assert states == [[[3], [0]], [[6], [3]], [[6], [9]], [[6], [15]], [[6], [15]]]


def test_the_potential_stops_at_its_threshold() -> None:
    """At a slope of 7: 7, then 14, cut to 10; thresholds of each channel."""
    spikes, states = run_op(RelPsp([[10], [8]]), [[[7], [7]], [[0], [0]], [[0], [0]]], [[0], [0]], [[0], [0]])
    assert spikes == [[[0], [0]], [[0], [0]], [[1], [1]]]
    assert states[-1] == [[[7], [7]], [[10], [8]]]


def layer(seed: int) -> tuple[Array, Array, int]:
    """Weights, times and a threshold, which some reach and some do not."""
    rng = np.random.default_rng(seed)
    inputs = int(rng.integers(1, 30))
    weight = rng.integers(-128, 128, (20, inputs))
    return weight, rng.integers(0, TICKS + 4, inputs), int(rng.integers(1, 100 * TICKS))


@pytest.mark.parametrize("seed", range(20))
def test_steps_are_the_search_over_events(seed: int) -> None:
    """Bit for bit what learning finds with one division a neuron."""
    weight, times, threshold = layer(seed)
    order = np.argsort(times, kind="stable")
    order = order[times[order] < TICKS]
    expected, _ = crossings(weight, Events(times[order], order), threshold, TICKS)
    assert fires_at(weight, times, threshold).tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_what_must_hold_of_spike_times(seed: int) -> None:
    """Shifted input shifts the spikes; a common factor changes nothing, nor does the order of inputs; a larger weight
    never delays a spike, and an excitatory input that comes later never advances one."""
    weight, times, threshold = layer(seed)
    times = times // 2
    now = fires_at(weight, times, threshold)
    assert (fires_at(weight, times + 5, threshold, TICKS + 5) == now + 5).all()
    small = np.maximum(weight // 3, -42)
    assert (fires_at(3 * small, times, 3 * threshold) == fires_at(small, times, threshold)).all()
    order = np.random.default_rng(seed).permutation(len(times))
    assert (fires_at(weight[:, order], times[order], threshold) == now).all()
    assert (fires_at(np.minimum(weight + 9, 127), times, threshold) <= now).all()
    one = np.arange(len(times)) == seed % len(times)
    excited = weight[:, one][:, 0] > 0
    assert (fires_at(weight, times + 7 * one, threshold)[excited] >= now[excited]).all()


def test_without_a_rising_slope_there_is_no_spike() -> None:
    assert fires_at([[0, 0], [3, -3], [-5, 2]], [0, 0], 1).tolist() == [TICKS] * 3


def test_the_ranges_of_a_sum_of_sums_are_exact() -> None:
    """Input in [-2, 3] for T steps: the slope is within [-2 T, 3 T], the potential down to -2 T (T - 1) / 2; also where
    steps are bounded at once. A potential does not pass its threshold."""
    for steps in (1, 7, PATIENCE, PATIENCE + 1, 1000, 40_000):
        proven = prove(RelPsp(1000), signal(1, low=-2, high=3), steps=steps)
        slope, potential = proven.states
        assert (slope.minimum, slope.maximum) == (-2 * steps, 3 * steps)
        assert potential.minimum == -steps * (steps - 1)
        assert potential.maximum == min(1000, 3 * steps * (steps - 1) // 2)
        assert proven.output.range.maximum == int(steps > 26)


def test_potentials_beyond_int32_are_refused() -> None:
    for steps in (50_000, 1 << 20, None):
        with pytest.raises(RangeError, match=r"its (slope|potential) may reach"):
            prove(RelPsp(1000), signal(1, low=-2, high=3), steps=steps)


@given(st.integers(1, 40), st.tuples(st.integers(-5, 5), st.integers(0, 5)), st.integers(1, 5))
def test_all_that_is_reachable_is_within_the_proven_range(theta: int, span: tuple[int, int], steps: int) -> None:
    low, high = span[0], span[0] + span[1]
    proven = prove(RelPsp(theta), signal(1, low=low, high=high), steps=steps)
    inputs, states = np.arange(low, high + 1), np.zeros((1, 2), np.int64)
    for _ in range(steps):
        pairs = [(a, s, v) for a in inputs for s, v in states]
        a, s, v = (np.array(column)[:, None] for column in zip(*pairs, strict=True))
        y, after = RelPsp(theta).step((a,), (s, v))
        states = np.unique(np.hstack(after), axis=0)
        assert proven.output.range.minimum <= y.min() and y.max() <= proven.output.range.maximum
        for interval, values in zip(proven.states, states.T, strict=True):
            assert interval.minimum <= values.min() and values.max() <= interval.maximum


def test_refusals() -> None:
    with pytest.raises(ModelError, match="threshold 0 is not positive"):
        RelPsp([3, 0])
    with pytest.raises(ModelError, match="is outside 0"):
        RelPsp(1 << 23)
    with pytest.raises(ModelError, match="does not broadcast"):
        prove(RelPsp([1, 2, 3]), signal(2))
