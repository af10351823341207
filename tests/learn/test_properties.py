"""What must hold of the rules in float64: exactness, signs, invariances."""

from __future__ import annotations

import numpy as np
import pytest

from edgesnn.learn.reference import (
    RampSpike,
    Spike,
    integrate,
    relpsp,
    relpsp_backward,
    spike_time,
    spike_times,
    std_ed_backward,
)

EPSILON = 1e-6
HUNDRED = range(100)


def same_history(one: list[Spike], other: list[Spike]) -> bool:
    return [(s.neuron, s.step, s.previous) for s in one] == [(s.neuron, s.step, s.previous) for s in other]


def test_std_ed_is_the_gradient_of_the_spike_times() -> None:
    """Finite differences over every weight, wherever no spike is created, destroyed or moved to another step."""
    compared = 0
    for seed in HUNDRED:
        rng = np.random.default_rng(seed)
        weights, inputs = rng.normal(0.3, 0.4, (3, 5)), (rng.random((8, 5)) < 0.4).astype(float)
        spikes = integrate(weights, inputs, 1.0)
        delta = rng.normal(size=len(spikes))
        gradient, _ = std_ed_backward(weights, inputs, spikes, delta, 1.0, np.ones(8), exact=True)
        for index in np.ndindex(weights.shape):
            losses = []
            for sign in (1, -1):
                moved = weights.copy()
                moved[index] += sign * EPSILON
                after = integrate(moved, inputs, 1.0)
                losses.append(delta @ spike_times(after, 1.0) if same_history(spikes, after) else None)
            if losses[0] is not None and losses[1] is not None:
                assert gradient[index] == pytest.approx((losses[0] - losses[1]) / (2 * EPSILON), rel=1e-4, abs=1e-4)
                compared += 1
    assert compared > 1400


def test_std_ed_never_reverses() -> None:
    """Of 10^4 spikes: more weight is earlier, and a later input moves the spike the way its weight says."""
    rng = np.random.default_rng(0)
    seen = 0
    while seen < 10_000:
        weights, inputs = rng.normal(0.1, 0.5, (20, 8)), (rng.random((12, 8)) < 0.4).astype(float)
        spikes = integrate(weights, inputs, 1.0)
        for spike in spikes:
            gradient, delta = std_ed_backward(
                weights, inputs, [spike], np.ones(1), 1.0, 0.5 ** np.arange(12), exact=True
            )
            assert (gradient <= 0).all()
            assert (delta * weights[spike.neuron] >= 0).all()
            used = (inputs[spike.previous + 1 : spike.step + 1]).any(0)
            assert (gradient[spike.neuron, used] < 0).all()
        seen += len(spikes)


def potential(ages: np.ndarray, membrane: float = 5.0, synapse: float = 3.0) -> np.ndarray:
    """The kernel of Zhu et al., NeurIPS 2022: a difference of two exponentials, which rises, then falls."""
    shape: np.ndarray = np.exp(-ages / membrane) - np.exp(-ages / synapse)
    return shape


def test_the_derivative_of_a_decaying_kernel_does_reverse() -> None:
    """The negative control. dt/dt_i = w K'(t - t_i) / V'(t): with a kernel that falls again, an excitatory input that
    moves to later would make the spike earlier, for every input older than the peak."""
    rng = np.random.default_rng(0)
    reversed_signs = 0
    for _ in range(1000):
        ages = rng.integers(0, 12, 5).astype(float)
        rises = potential(ages + 1) - potential(ages)  # V'(t) by one step, as that code has it
        weights = rng.uniform(0.1, 1, 5)
        slope = weights @ rises
        if slope > 0:
            reversed_signs += bool((weights * rises / slope < 0).any())
    assert reversed_signs > 300


def ramp_layers(seed: int) -> tuple[np.random.Generator, list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng, [rng.normal(0.4, 0.5, (6, 7)), rng.normal(0.4, 0.5, (3, 6))], rng.uniform(0, 1, 7)


def outputs(weights: list[np.ndarray], times: np.ndarray) -> tuple[list[list[RampSpike | None]], list[np.ndarray]]:
    layers, seen = [], [times]
    for weight in weights:
        layers.append(relpsp(weight, seen[-1]))
        seen.append(np.array([np.inf if spike is None else spike.time for spike in layers[-1]]))
    return layers, seen


def causes(layers: list[list[RampSpike | None]]) -> list[list[int] | None]:
    return [None if spike is None else spike.causal.tolist() for layer in layers for spike in layer]


def test_stdbp_is_exact_through_two_layers() -> None:
    """Finite differences over weights and input times of 100 networks, five each, where causal sets stay the same."""
    compared = 0
    for seed in HUNDRED:
        rng, weights, times = ramp_layers(seed)
        layers, seen = outputs(weights, times)
        delta = rng.normal(size=3) * np.isfinite(seen[2])
        last, passed = relpsp_backward(weights[1], seen[1], layers[1], delta)
        first, at_input = relpsp_backward(weights[0], seen[0], layers[0], passed)
        for array, gradient in ((weights[0], first), (weights[1], last), (times, at_input)):
            for index in rng.permutation(list(np.ndindex(array.shape)))[:5]:
                index = tuple(index)
                losses = []
                for step in (EPSILON, -2 * EPSILON):
                    array[index] += step
                    after, moved = outputs(weights, times)
                    same = causes(after) == causes(layers)
                    losses.append(np.where(np.isfinite(moved[2]), moved[2], 0) @ delta if same else None)
                array[index] += EPSILON
                if losses[0] is not None and losses[1] is not None:
                    wanted = (losses[0] - losses[1]) / (2 * EPSILON)
                    # an almost flat crossing amplifies the rounding of the difference as much as the gradient
                    assert gradient[index] == pytest.approx(wanted, rel=1e-4, abs=1e-4 * max(1, np.abs(gradient).max()))
                    compared += 1
    assert compared > 1000


@pytest.mark.parametrize("seed", range(50))
def test_ramps_know_no_absolute_time(seed: int) -> None:
    """The derivatives by the inputs add up to 1; all inputs later by c is the output later by c."""
    _, weights, times = ramp_layers(seed)
    for row in weights[0]:
        spike, later = spike_time(row, times), spike_time(row, times + 0.5)
        if spike is None or later is None:
            assert spike is later is None
            continue
        _, delta = relpsp_backward(row[None], times, [spike], np.ones(1))
        assert delta.sum() == pytest.approx(1)
        assert later.time == pytest.approx(spike.time + 0.5)


@pytest.mark.parametrize("seed", range(50))
def test_ramps_know_no_absolute_weight(seed: int) -> None:
    _, weights, times = ramp_layers(seed)
    for row in weights[0]:
        one, other = spike_time(row, times, 1.0), spike_time(8 * row, times, 8.0)
        assert (one and one.time) == (other and other.time)


@pytest.mark.parametrize("seed", range(50))
def test_ramps_are_monotone(seed: int) -> None:
    """More weight on a causal input never delays; delaying an excitatory input never advances."""
    rng, weights, times = ramp_layers(seed)
    for row in weights[0]:
        spike = spike_time(row, times)
        if spike is None:
            continue
        i = rng.choice(np.flatnonzero(spike.causal))
        stronger = row.copy()
        stronger[i] += 0.3
        after = spike_time(stronger, times)
        assert after is not None and after.time <= spike.time
        if row[i] > 0:
            delayed = times.copy()
            delayed[i] += 0.2
            after = spike_time(row, delayed)
            assert after is None or after.time >= spike.time


def test_the_order_of_inputs_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        weights, times = rng.integers(-3, 6, 8).astype(float), rng.integers(0, 4, 8).astype(float)
        order = rng.permutation(8)
        one, other = spike_time(weights, times, 4.0), spike_time(weights[order], times[order], 4.0)
        assert (one and one.time) == (other and other.time)
