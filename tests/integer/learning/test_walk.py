"""The backward walk over events is a dense backward pass, and the float rules' gradient but for rounding."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from edgesnn.integer.learning import Layer, Learning, learner
from edgesnn.integer.learning.events import Events, integrate
from edgesnn.integer.learning.stbp import StbpLearner
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning.walk import onto_events, onto_weights
from edgesnn.integer.learning.weights import MasterWeights
from edgesnn.learn.integrate_fire import integrate as integrate_in_float
from edgesnn.learn.integrate_fire import onto_inputs
from edgesnn.learn.reference import integrate as reference_integrate
from edgesnn.learn.reference import mpd_ed_backward, std_ed_backward
from tests.integer.learning.networks import TICKS


@pytest.mark.parametrize("seed", range(10))
def test_stbp_is_the_surrogate_gradient_of_every_step(seed: int) -> None:
    """Errors of hidden potentials are those of the float rule, within a unit for each step that adds up."""
    rng = np.random.default_rng(seed)
    hidden, last, threshold = rng.integers(-20, 45, (9, 12)), rng.integers(-20, 45, (4, 9)), 90
    network = learner((Layer(hidden, threshold), Layer(last, 0)), TICKS, Learning("stbp", softness=6))
    assert isinstance(network, StbpLearner)
    x = (rng.random((TICKS, 12)) < 0.2).astype(np.int64)
    network.forward(x)
    errors = rng.integers(-4096, 4096, 4)
    found = network.onto_neurons(1, np.tile(errors, (TICKS, 1)), 0)
    charged = integrate_in_float(
        torch.from_numpy(x @ hidden.T / threshold), torch.tensor(1 - 1e-9, dtype=torch.float64)
    )
    surrogate = (1 - (charged.potential - 1).abs()).clamp(min=0)
    expected = onto_inputs(surrogate * torch.from_numpy(errors @ last / (1 << 6)), charged.spikes)
    assert np.abs(found - expected.numpy()).max() <= 2 * TICKS


@pytest.mark.parametrize("seed", range(20))
def test_the_walk_is_a_dense_masked_backward_pass(seed: int) -> None:
    """Every input, neuron and step, with the window as a mask, gives the same integers."""
    rng = np.random.default_rng(seed)
    weight, x = rng.integers(-40, 90, (7, 10)), (rng.random((TICKS, 10)) < 0.3).astype(int)
    _, records = integrate(weight, x, 100, 32767)
    errors = rng.integers(-30000, 30000, len(records))
    inputs = Events.of(x)
    sums = np.zeros(x.shape, np.int64)
    weights, dense = MasterWeights(weight), MasterWeights(weight)
    for spike in reversed(range(len(records))):
        neuron, time = records.events.neuron[spike], records.events.time[spike]
        mask = ((np.arange(TICKS) > records.previous[spike]) & (np.arange(TICKS) <= time))[:, None]
        ages = np.maximum(time - np.arange(TICKS), 0)[:, None]
        sums += mask * x * (errors[spike] * weight[neuron] >> (ages >> 1))
        dense.update(int(neuron), np.arange(10), errors[spike] * (mask * x).sum(0), 9)
    onto_weights(weights, inputs, records, errors, 9, False, Tally())
    found = onto_events(weight, inputs, records, errors, 1, False, Tally())
    assert np.array_equal(found, sums[inputs.time, inputs.neuron])
    assert np.array_equal(weights.master, dense.master)


@pytest.mark.parametrize("seed", range(20))
def test_work_is_the_pairs_of_a_spike_and_what_charged_it(seed: int) -> None:
    """Each input event is visited once for each neuron that fires at its step or later, and nothing else is."""
    rng = np.random.default_rng(seed)
    weight, x = rng.integers(-40, 90, (7, 10)), (rng.random((TICKS, 10)) < rng.uniform(0, 0.4)).astype(int)
    spikes, records = integrate(weight, x, 100, 32767)
    pairs = sum(
        int((np.arange(TICKS) >= time) @ spikes[:, neuron] > 0) for time, _ in np.argwhere(x) for neuron in range(7)
    )
    tally = Tally()
    onto_events(weight, Events.of(x), records, np.ones(len(records), np.int64), None, False, tally)
    assert tally.multiplies == pairs


def quantised(array: np.ndarray, shift: int) -> np.ndarray:
    return np.floor(array / (1 << shift) + 0.5)


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed"])
@pytest.mark.parametrize("seed", range(10))
def test_a_step_is_the_rounded_float_step(rule: str, seed: int) -> None:
    """One layer, the same errors: within a unit of a master, for each spike of its neuron, of the rounded gradient."""
    rng = np.random.default_rng(seed)
    weight, x = rng.integers(5, 40, (6, 10)), (rng.random((TICKS, 10)) < 0.2).astype(int)
    threshold, shift = 90, 9
    network = learner(
        (Layer(weight, threshold), Layer(np.ones((2, 6), int), 64 if rule == "std-ed" else 0)), TICKS, Learning(rule)
    )
    _, (records,), _ = network.forward(x)
    spikes = reference_integrate(weight / threshold, x.astype(float), 1 - 1e-9)  # 90 / 90 may be a little less than 1
    assert [(spike.step, spike.neuron) for spike in spikes] == list(
        zip(records.events.time, records.events.neuron, strict=True)
    )
    delta = rng.integers(-4000, 4000, len(spikes))
    errors = delta * network.gain(0, records) + 2048 >> 12
    weights = MasterWeights(weight * 0)
    onto_weights(weights, Events.of(x), records, errors, shift, False, Tally())
    if rule == "std-ed":
        gradient, _ = std_ed_backward(
            weight / threshold, x.astype(float), spikes, -delta.astype(float), 1.0, np.ones(TICKS), 1 / 8
        )
    else:
        gradient, _ = mpd_ed_backward(weight / threshold, x.astype(float), spikes, delta.astype(float), 1.0, 1.0)
    several = np.bincount(records.events.neuron, minlength=6).max()
    assert np.abs(weights.master + quantised(gradient, shift)).max() <= several
