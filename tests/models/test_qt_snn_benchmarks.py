"""What the benchmarks behind QT-SNN's card compute."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks import encoders, finger_movements, polarity
from edgesnn.encode import StepForwardEncoder


def test_wilson_interval() -> None:
    """Both ends solve (p - share)^2 = z^2 p (1 - p) / n, which is how the interval is defined."""
    for right, trials in ((60, 100), (100, 100), (288, 300)):
        for end in finger_movements.wilson(right, trials):
            distance = (end - right / trials) ** 2
            assert distance == pytest.approx(finger_movements.Z**2 * end * (1 - end) / trials, abs=1e-12)


def test_discriminant_finds_the_separating_direction() -> None:
    rng = np.random.default_rng(0)
    sides = rng.integers(0, 2, 400)
    x = rng.normal(0, 1, (400, 3)) + 3 * sides[:, None] * np.array([1.0, 0, 0])
    direction, threshold = finger_movements.fitted(x, sides, 0.01)
    assert np.abs(direction[1:]).max() < 0.2 * direction[0]
    assert finger_movements.right(x, sides, (direction, threshold)) > 360


def test_on_and_off_channels_and_no_more_weights() -> None:
    spikes = torch.tensor([[[1, -1, 0]]], dtype=torch.int8)
    assert polarity.on_and_off(spikes).tolist() == [[[1, 0, 0, 0, 1, 0]]]
    first, second = polarity.same_size(24, [512, 256], 10)
    weights, before = 48 * first + first * second + 10 * second, 24 * 512 + 512 * 256 + 10 * 256
    assert 0.99 * before < weights <= before


def test_step_forward_is_given_as_many_spikes() -> None:
    signal = np.cumsum(np.random.default_rng(1).normal(0, 30, (80, 6)), axis=0).round()
    theta = np.full(6, 25.0)
    wanted = int(np.count_nonzero(StepForwardEncoder(tuple((theta * 1.7).tolist())).encode(signal)))
    assert abs(encoders.as_often(wanted, theta, signal)[0] - wanted) <= 2
