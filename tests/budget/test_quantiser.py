"""A soft-reset neuron under constant current is a uniform quantiser of its spike count; under another one it is not."""

from __future__ import annotations

import numpy as np
import pytest

from edgesnn.integer import Array
from edgesnn.integer.ops import GradedLif, IntegrateFire
from edgesnn.integer.ops.fire import Reset

STATE_BITS = 24


def drive(neuron: GradedLif | IntegrateFire, currents: Array, start: Array) -> Array:
    """Spike totals (samples, 1) of currents (T, samples, 1) from the potentials `start`."""
    total, states = np.zeros_like(start), (start,)
    for current in currents:
        spikes, states = neuron.step((current,), states)
        total = total + spikes
    return total


def cases(count: int, seed: int) -> list[tuple[int, int, Array]]:
    """(threshold, T, currents (samples, 1)) with currents of any sign, below and far above the threshold."""
    rng = np.random.default_rng(seed)
    return [
        (theta, steps, rng.integers(-3 * theta - 2, 3 * theta + 3, (count, 1)))
        for theta in (1, 2, 3, 7, 64, 127, 1000)
        for steps in (1, 2, 3, 4, 8, 15)
    ]


@pytest.mark.parametrize("half", [True, False], ids=["half a threshold", "zero"])
def test_one_bit_spikes_count_like_a_quantiser(half: bool) -> None:
    """42 thresholds and horizons times 2,400 currents, twice: 200,000 cases."""
    for theta, steps, current in cases(2400, 1):
        start = np.full_like(current, theta // 2 if half else 0)
        neuron = IntegrateFire(threshold=theta, reset=Reset.SUBTRACT, strict=False, state_bits=STATE_BITS)
        counted = drive(neuron, np.broadcast_to(current, (steps, *current.shape)), start)
        assert np.array_equal(counted, np.clip((steps * current + start) // theta, 0, steps))


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_spikes_of_several_bits_count_like_a_finer_quantiser(bits: int) -> None:
    """T steps of m = 2^b - 1 levels are T m + 1 values; 42 times 600 currents for every width: 100,800 cases."""
    levels = (1 << bits) - 1
    for theta, steps, current in cases(600, bits):
        start = np.full_like(current, theta // 2)
        neuron = GradedLif(threshold=theta, levels=levels, state_bits=STATE_BITS)
        counted = drive(neuron, np.broadcast_to(levels * current // 2, (steps, *current.shape)), start)
        wanted = np.clip((steps * (levels * current // 2) + start) // theta, 0, steps * levels)
        assert np.array_equal(counted, wanted)


def test_a_graded_neuron_of_one_level_is_integrate_and_fire() -> None:
    for theta, steps, current in cases(200, 9):
        currents = np.broadcast_to(current, (steps, *current.shape))
        start = np.zeros_like(current)
        graded = drive(GradedLif(threshold=theta, levels=1, state_bits=STATE_BITS), currents, start)
        plain = IntegrateFire(threshold=theta, reset=Reset.SUBTRACT, strict=False, state_bits=STATE_BITS)
        assert np.array_equal(graded, drive(plain, currents, start))


def test_a_current_that_varies_breaks_the_equality() -> None:
    """One threshold, then its opposite: the sum is nothing, yet the spike is out and cannot be taken back."""
    neuron = GradedLif(threshold=10, levels=3, state_bits=STATE_BITS)
    zero = np.zeros((1, 1), np.int64)
    assert drive(neuron, np.array([[[10]], [[-10]]]), zero).item() == 1
    assert drive(neuron, np.array([[[-10]], [[10]]]), zero).item() == 0  # the same sum in the other order
    assert np.clip((10 - 10) // 10, 0, 2 * 3) == 0  # what a quantiser of the mean current says


def test_a_residual_that_is_not_drained_breaks_it_too() -> None:
    """All current in the first step: more than its levels, so that the rest has no step left to come out in."""
    neuron = GradedLif(threshold=10, levels=3, state_bits=STATE_BITS)
    burst = np.array([[[0]], [[60]]])
    assert drive(neuron, burst, np.zeros((1, 1), np.int64)).item() == 3
    assert np.clip(60 // 10, 0, 2 * 3) == 6
