"""When neurons fire whose inputs are ramps."""

from __future__ import annotations

import numpy as np
import pytest

from edgesnn.integer.learning import Layer, Learning, learner
from edgesnn.integer.learning.events import Events
from edgesnn.integer.learning.ramps import crossings, ticked


@pytest.mark.parametrize("seed", range(30))
def test_event_search_is_the_tick_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    horizon, inputs = int(rng.choice([8, 64, 256])), int(rng.integers(1, 40))
    weight = rng.integers(-128, 128, (20, inputs))
    times = rng.integers(0, horizon + 4, inputs)
    order = np.argsort(times, kind="stable")
    order = order[times[order] < horizon]
    threshold = int(rng.integers(1, 128 * horizon))
    ticks, _ = crossings(weight, Events(times[order], order), threshold, horizon)
    assert ticks.tolist() == ticked(weight, Events(times[order], order), threshold, horizon).tolist()
    other = rng.permutation(order)
    other = other[np.argsort(times[other], kind="stable")]
    assert crossings(weight, Events(times[other], other), threshold, horizon)[0].tolist() == ticks.tolist()


def test_later_inputs_are_later_spikes_in_ticks() -> None:
    """Shifted by 5 ticks exactly; weights and threshold times 3 change nothing."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        weight, times = rng.integers(-30, 60, (9, 12)), np.sort(rng.integers(0, 40, 12))
        now, _ = crossings(weight, Events(times, np.arange(12)), 2000, 128)
        later, _ = crossings(weight, Events(times + 5, np.arange(12)), 2000, 133)
        assert np.array_equal(later, now + 5)
        assert np.array_equal(crossings(3 * weight, Events(times, np.arange(12)), 6000, 128)[0], now)


def test_worked_example_in_ticks() -> None:
    """Weights 1, 1 at 100 ticks a unit: ceil((100 + 50) / 2) = 75."""
    ticks, slopes = crossings(np.array([[1, 1]]), Events(np.array([0, 50]), np.array([0, 1])), 100, 256)
    assert (ticks.tolist(), slopes.tolist()) == ([75], [2])


def test_the_first_output_spike_decides_and_lower_indices_win_ties() -> None:
    constants = Learning("stdbp")
    network = learner((Layer([[64]], 64), Layer([[20], [50], [50]], 100)), 16, constants)
    _, _, scores = network.forward(np.array([2]))
    assert scores.tolist() == [16 - 8, 16 - 5, 16 - 5]
    assert network.infer(np.array([2])) == 1
