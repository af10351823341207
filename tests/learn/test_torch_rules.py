"""The fast rules give the gradients of the reference, and those of what they claim to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from edgesnn.learn.integrate_fire import integrate
from edgesnn.learn.mpd_ed import MpdEdSpikes
from edgesnn.learn.reference import (
    integrate as reference_integrate,
)
from edgesnn.learn.reference import mpd_ed_backward, relpsp, relpsp_backward, spike_times, std_ed_backward
from edgesnn.learn.relpsp import RelPspTimes, silence_penalty
from edgesnn.learn.std_ed import FirstTimes, StdEdSpikes, time_kernel
from edgesnn.learn.window import window_potentials, window_times

STEPS, INPUTS, OUTPUTS = 8, 6, 5
ONE = torch.ones((), dtype=torch.float64)
SEEDS = range(20)


def layer(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """Random weights (outputs, inputs) with which some neurons fire often, some never, and spikes (steps, inputs)."""
    rng = np.random.default_rng(seed)
    return rng, rng.normal(0.2, 0.5, (OUTPUTS, INPUTS)), (rng.random((STEPS, INPUTS)) < 0.3).astype(float)


def leaf(array: np.ndarray) -> Tensor:
    return torch.tensor(array, requires_grad=True)


def gradient(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_std_ed(seed: int, exact: bool) -> None:
    rng, weights, inputs = layer(seed)
    spikes = reference_integrate(weights, inputs, 1.0)
    delta = np.zeros((STEPS, OUTPUTS))
    errors = rng.normal(size=len(spikes))
    for spike, error in zip(spikes, errors, strict=True):
        delta[spike.step, spike.neuron] = error
    kernel = time_kernel(STEPS)
    expected = std_ed_backward(weights, inputs, spikes, errors, 1.0, kernel.numpy(), 1 / 8, exact)
    x, w = leaf(inputs[:, None]), leaf(weights)
    fired = StdEdSpikes.apply(x, w, ONE, kernel, 1 / 8, exact)  # type: ignore[no-untyped-call]
    assert torch.equal(fired[:, 0], torch.tensor(delta != 0).double())
    fired.backward(torch.tensor(delta[:, None]))
    np.testing.assert_allclose(gradient(w), expected[0], atol=1e-12)
    np.testing.assert_allclose(gradient(x)[:, 0], expected[1], atol=1e-12)


@pytest.mark.parametrize("leak", [1.0, 0.75])
@pytest.mark.parametrize("seed", SEEDS)
def test_mpd_ed(seed: int, leak: float) -> None:
    rng, weights, inputs = layer(seed)
    spikes = reference_integrate(weights, inputs, 1.0, leak)
    errors = rng.normal(size=(STEPS, OUTPUTS))
    delta = np.array([errors[spike.step, spike.neuron] for spike in spikes])
    grad, delta_in = mpd_ed_backward(weights, inputs, spikes, delta, 1.0, 2.0, leak)
    x, w = leaf(inputs[:, None]), leaf(weights)
    MpdEdSpikes.apply(x, w, ONE, 2.0, leak, False).backward(torch.tensor(errors[:, None]))  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(gradient(w), grad, atol=1e-12)
    np.testing.assert_allclose((gradient(x) * x)[:, 0].detach(), delta_in, atol=1e-12)


class Triangle(torch.autograd.Function):
    @staticmethod
    def forward(ctx, distance: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.save_for_backward(distance)
        return (distance >= 0).to(distance)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        (distance,) = ctx.saved_tensors
        result: Tensor = gradient * (1 - distance.abs() / 2).clamp(min=0) / 2
        return result


def stbp_by_autograd(x: Tensor, weights: list[Tensor], leak: float) -> Tensor:
    for weight in weights:
        potential = torch.zeros(x.shape[1], len(weight), dtype=x.dtype)
        spikes = []
        for step in x:
            potential = leak * potential + step @ weight.T
            spikes.append(Triangle.apply(potential - 1))  # type: ignore[no-untyped-call]
            potential = potential * (1 - spikes[-1].detach())
        x = torch.stack(spikes)
    return x


@pytest.mark.parametrize("leak", [1.0, 0.75])
@pytest.mark.parametrize("seed", SEEDS)
def test_visiting_every_neuron_at_every_step_is_stbp(seed: int, leak: float) -> None:
    rng, weights, inputs = layer(seed)
    last = rng.normal(0.2, 0.5, (3, OUTPUTS))
    ours, theirs = [leaf(weights), leaf(last)], [leaf(weights), leaf(last)]
    x = torch.tensor(inputs[:, None])
    errors = torch.tensor(rng.normal(size=(STEPS, 1, 3)))
    stbp_by_autograd(x, theirs, leak).backward(errors)  # type: ignore[no-untyped-call]
    for weight in ours:
        x = MpdEdSpikes.apply(x, weight, ONE, 2.0, leak, True)  # type: ignore[no-untyped-call]
    x.backward(errors)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine.grad, other.grad, atol=1e-12, rtol=0)


def test_without_spikes_nothing_changes() -> None:
    for function, arguments in ((StdEdSpikes, (time_kernel(STEPS), 1 / 8, True)), (MpdEdSpikes, (1.0, 1.0, False))):
        weight = leaf(np.full((OUTPUTS, INPUTS), 0.01))
        spikes = function.apply(torch.ones(STEPS, 2, INPUTS, dtype=torch.float64), weight, ONE, *arguments)
        assert not spikes.any()
        spikes.backward(torch.ones_like(spikes))
        assert not gradient(weight).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_first_times_continue_the_crossing(seed: int) -> None:
    """Fired: the reference's first spike. Silent: the last step, then the missing potential at the late slope."""
    _, weights, inputs = layer(seed)
    times = FirstTimes.apply(
        torch.tensor(inputs[:, None]), torch.tensor(weights), ONE, time_kernel(STEPS), 0.1, 0.25, True
    )  # type: ignore[no-untyped-call]
    spikes = reference_integrate(weights, inputs, 1.0)
    for neuron in range(OUTPUTS):
        own = [spike for spike in spikes if spike.neuron == neuron]
        late = STEPS - 1 + (1 - float(inputs.sum(0) @ weights[neuron])) / 0.25
        assert float(times[0, neuron]) == pytest.approx(spike_times(own[:1], 1.0)[0] if own else late)


@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_of_first_times(seed: int) -> None:
    """That of the times themselves, by finite differences; slope_min 0 keeps the rule exact."""
    _, weights, inputs = layer(seed)
    arguments = (ONE, time_kernel(STEPS), 0.0, 0.25, True)
    x = torch.tensor(inputs[:, None])

    def times(weight: Tensor) -> Tensor:
        result: Tensor = FirstTimes.apply(x, weight, *arguments)  # type: ignore[no-untyped-call]
        return result

    assert torch.autograd.gradcheck(times, (leaf(weights),), eps=1e-7, atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_relpsp(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights, times = rng.normal(0.3, 0.5, (OUTPUTS, 8)), rng.integers(0, 32, 8) / 32
    times[0], times[1] = np.inf, times[2]
    spikes = relpsp(weights, times)
    delta = rng.normal(size=OUTPUTS)
    expected = relpsp_backward(weights, times, spikes, delta, 0.1)
    t, w = leaf(times[None]), leaf(weights)
    found = RelPspTimes.apply(t, w, ONE, 1 / 32, 0.1, math.inf, False, False)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(found[0].detach(), [math.inf if spike is None else spike.time for spike in spikes])
    torch.where(found.isfinite(), found, 0).backward(torch.tensor(delta[None]))
    np.testing.assert_allclose(gradient(w), expected[0], atol=1e-10)
    np.testing.assert_allclose(gradient(t)[0], expected[1], atol=1e-10)


def test_late_relpsp_continues_the_crossing() -> None:
    """Two inputs at 0 with weight 1/4 each: V = t / 2, so 2 whether the horizon is at 3 or at 1. With slope_min 1 it
    rises from V(1) = 1/2 by 1: 1.5."""
    times, weight = torch.zeros(1, 2, dtype=torch.float64), torch.full((1, 2), 0.25, dtype=torch.float64)
    assert [
        float(RelPspTimes.apply(times, weight, ONE, 0.5, slope_min, horizon, False, True))  # type: ignore[no-untyped-call]
        for horizon, slope_min in ((3.0, 0.1), (1.0, 0.1), (1.0, 1.0))
    ] == [2, 2, 1.5]


def test_silent_relpsp_is_pulled() -> None:
    """No slope, no spike, no NaN; the penalty pulls every weight up by 2 (slope_min - sum w)."""
    weight = leaf(np.array([[-1.0, -1.0]]))
    times = RelPspTimes.apply(torch.zeros(1, 2, dtype=torch.float64), weight, ONE, 0.5, 0.1, math.inf, False, False)  # type: ignore[no-untyped-call]
    assert times.isinf().all()
    silence_penalty(weight, 0.1).backward()
    np.testing.assert_allclose(gradient(weight), [[-4.2, -4.2]])


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_against_a_falling_threshold(seed: int) -> None:
    """The first of 200,000 instants of the window [T, 2 T] at which V(t) >= 2 T - t, or none; T = 2."""
    rng = np.random.default_rng(seed)
    weights, times = rng.normal(0, 0.4, (OUTPUTS, 8)), rng.uniform(0, 2, 8)
    times[0] = np.inf
    found = window_times(torch.tensor(times[None]), torch.tensor(weights), 2.0)[0].numpy()
    instants = np.linspace(2, 4, 200_001)
    for weight, time in zip(weights, found, strict=True):
        ramps = np.maximum(instants[:, None] - np.where(np.isinf(times), 9, times), 0) @ weight
        reached = instants[ramps >= 4 - instants - 1e-12]
        assert np.isinf(time) if not len(reached) else abs(time - (reached[0] - 2)) < 2e-5
        assert np.isinf(time) or 0 <= time <= 2
    ends = window_potentials(torch.tensor(times[None]), torch.tensor(weights), 2.0)[0].numpy()
    np.testing.assert_allclose(ends, weights[:, 1:] @ (4 - times[1:]))


def test_steps_of_a_batch_are_those_of_its_samples() -> None:
    _, weights, inputs = layer(0)
    _, _, others = layer(1)
    both = integrate(torch.tensor(np.stack((inputs, others), 1)) @ torch.tensor(weights).T, ONE)
    for sample, x in enumerate((inputs, others)):
        seen = {(spike.step, spike.neuron): spike.potential for spike in reference_integrate(weights, x, 1.0)}
        assert set(seen) == {(int(t), int(j)) for t, j in both.spikes[:, sample].nonzero()}
        for (t, j), potential in seen.items():
            assert float(both.potential[t, sample, j]) == pytest.approx(potential)
