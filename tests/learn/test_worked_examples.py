"""The rules on one neuron, with every number derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

from edgesnn.learn.reference import integrate, relpsp, relpsp_backward, spike_time, spike_times, std_ed_backward

W = np.array([[0.6, 0.5]])
X = np.array([[0.0, 0], [1, 0], [1, 1]])
"""Input 0 at t = 1 and 2, input 1 at t = 2."""
KERNEL = np.array([1, 0.5, 0.25])


def test_spike_between_steps() -> None:
    """U[1] = 0.6, U[2] = 1.7: I = 1.1, t = 1 + 0.4 / 1.1."""
    (spike,) = integrate(W, X, 1.0)
    assert (spike.step, spike.previous, spike.before, spike.slope) == (2, -1, 0.6, pytest.approx(1.1))
    assert spike_times([spike], 1.0) == pytest.approx([1 + 0.4 / 1.1])


def test_exact_rule() -> None:
    """t = 1 + (1 - w0) / (w0 + w1): dt/dw0 = -1/I - 0.4/I^2 = -1.2397, dt/dw1 = -0.4/I^2 = -0.3306."""
    grad, _ = std_ed_backward(W, X, integrate(W, X, 1.0), np.ones(1), 1.0, KERNEL, exact=True)
    assert grad[0] == pytest.approx([-1 / 1.1 - 0.4 / 1.21, -0.4 / 1.21])
    assert grad[0] == pytest.approx([-1.2397, -0.3306], abs=5e-5)


def test_cheap_rule() -> None:
    """-n / I with n = 2, 1. By the inputs' times w kernel / I: 0.3 / 1.1 a step before, 0.6 / 1.1 and 0.5 / 1.1."""
    grad, delta = std_ed_backward(W, X, integrate(W, X, 1.0), np.ones(1), 1.0, KERNEL)
    assert grad[0] == pytest.approx([-2 / 1.1, -1 / 1.1])
    assert delta == pytest.approx(np.array([[0, 0], [0.3, 0], [0.6, 0.5]]) / 1.1)


def test_ramps() -> None:
    """After 0: S = 1, candidate 1.0 beyond 0.5. After 0.5: S = 2, (1 + 0.5) / 2 = 0.75, before the third at 1.2."""
    weights, times = np.array([[1, 1, -0.5]]), np.array([0, 0.5, 1.2])
    spike = spike_time(weights[0], times)
    assert spike is not None
    assert (spike.time, spike.slope, spike.causal.tolist()) == (0.75, 2, [True, True, False])
    grad, delta = relpsp_backward(weights, times, relpsp(weights, times), np.ones(1))
    assert grad.tolist() == [[-0.375, -0.125, 0]]
    assert delta.tolist() == [0.5, 0.5, 0]


def test_a_later_inhibitory_input_does_not_undo_a_crossing() -> None:
    """V crosses at 1; with the input at 2 counted there would be no slope at all."""
    spike = spike_time(np.array([1, -1.0]), np.array([0, 2.0]))
    assert spike is not None
    assert spike.time == 1


def test_no_slope_no_spike() -> None:
    assert spike_time(np.array([1, -1.0]), np.array([0, 0.5])) is None
    assert spike_time(np.array([1, 1.0]), np.full(2, np.inf)) is None
