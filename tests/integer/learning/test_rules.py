"""The integer rules: the model is what they learn, and what must hold of every sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edgesnn.errors import ModelError
from edgesnn.integer import run
from edgesnn.integer.learning import Layer, Learning, layers_of, learner, model_of, with_layers
from edgesnn.integer.learning.threshold import LearnedThreshold
from edgesnn.integer.learning.weights import MasterWeights
from edgesnn.integer.learning_section import RULES
from edgesnn.integer.ops import Dense, FirstSpike
from tests.integer.learning.networks import TICKS, masters, samples, small, telling


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed", "stbp"])
def test_the_forward_pass_is_the_model(rule: str) -> None:
    """Before and after learning, spikes and scores are those of the interpreter; learning none changes none."""
    network = small(rule, rate_target=6000)
    for _ in range(2):
        model = model_of("learned", network.layers, TICKS)
        for x, _ in samples(rule, 20, seed=2):
            expected = run(model, x[None], record=["neuron1"])
            events, _, scores = network.forward(x)
            assert scores.tolist() == expected.output[0].tolist()
            assert np.array_equal(events[1].time, np.nonzero(expected.traces["neuron1"].output[0])[0])
            assert network.infer(x) == expected.decisions[0]
        assert layers_of(model)[0].threshold == network.layers[0].threshold
        for x, label in samples(rule, 60):
            network.learn(x, label)


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed"])
def test_the_model_takes_learned_weights_in(rule: str) -> None:
    network = small(rule)
    first = model_of("first", network.layers, TICKS)
    for x, label in samples(rule, 30):
        network.learn(x, label)
    second = with_layers(first, network.layers)
    assert second != first
    assert second == replace(model_of("first", network.layers, TICKS))
    x = np.stack([x for x, _ in samples(rule, 20)])
    assert run(second, x).decisions.tolist() == [network.infer(sample) for sample in x]


@pytest.mark.parametrize("rule", RULES)
def test_the_same_seed_learns_the_same(rule: str) -> None:
    one, other, third = (small(rule, stochastic=True, seed=seed) for seed in (5, 5, 6))
    for x, label in samples(rule, 40):
        assert one.learn(x, label) == other.learn(x, label)
        third.learn(x, label)
    weights = [[part.weight.tolist() for part in network.weights] for network in (one, other, third)]
    assert weights[0] == weights[1] != weights[2]


@pytest.mark.parametrize("rule", RULES)
def test_without_input_nothing_is_done(rule: str) -> None:
    network = small(rule)
    before = masters(network)
    nothing = np.full(12, 2 * TICKS) if rule == "stdbp" else np.zeros((TICKS, 12), int)
    network.learn(nothing, 2)
    assert masters(network) == before
    assert (network.tally.adds, network.tally.multiplies, network.tally.updates) == (0, 0, 0)


@pytest.mark.parametrize("rule", RULES)
def test_learning_lowers_the_loss(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen samples learned over and over: the mean of 1 - p(label) falls."""
    slower = 1 if rule == "stdbp" else 0
    network = small(rule, rate_shift=5 + slower, hidden_rate_shift=7 + slower)
    losses = []
    measured = network.errors_of_scores

    def errors(scores: np.ndarray, label: int, softness: int, rival: int | None = None) -> np.ndarray:
        losses.append(-int(measured(scores, label, softness, rival)[label]))
        return measured(scores, label, softness, rival)

    monkeypatch.setattr(network, "errors_of_scores", errors)
    for _ in range(25):
        for x, label in telling(rule, 16):
            network.learn(x, label)
    assert np.mean(losses[-16:]) < 0.75 * np.mean(losses[:16])


@pytest.mark.parametrize("rule", RULES)
def test_full_scale_weights_saturate_and_say_so(rule: str) -> None:
    """The fastest rate: weights stop at the ends of their range, errors within 16 bits, and every cut is counted."""
    network = small(rule, rate_shift=1, hidden_rate_shift=1, error_shift=8)
    for x, label in samples(rule, 50):
        network.learn(x, label)
    assert network.saturated > 0
    for weights in network.weights:
        assert isinstance(weights, MasterWeights)
        assert np.abs(weights.master).max() <= 32767
        assert weights.weight.min() >= -128 and weights.weight.max() <= 127


@pytest.mark.parametrize("rule", ["mpd-ed", "stbp"])
def test_what_would_move_by_0_is_not_touched(rule: str) -> None:
    """An error of 4096 over 2^16 rounds to 0: its products are counted, where there are any, but no update."""
    for shift, updates in ((16, 0), (4, 2 * 3)):
        network = learner((Layer([[4, 4, 4], [4, 4, 4]], 0),), 2, Learning(rule, rate_shift=shift, softness=1))
        network.learn(np.array([[1, 1, 0], [0, 0, 1]]), 0)
        assert (network.tally.updates, network.tally.multiplies) == (updates, 6 if rule == "mpd-ed" else 0)


def test_too_many_spikes_are_not_learned() -> None:
    network = small("mpd-ed", events=3)
    x = np.ones((TICKS, 12), int)
    before = masters(network)
    network.learn(x, 0)
    assert (network.tally.overruns, network.tally.learned) == (1, 0)
    assert masters(network) == before


def test_steps_get_smaller() -> None:
    """After two samples the shift grows by one, after six for the last time."""
    shifts = []
    network = small("mpd-ed", halve_every=2)
    network.weights[-1].update = lambda neuron, inputs, products, shift: shifts.append(shift)  # type: ignore[method-assign]
    seen = []
    for _ in range(9):
        network.learn(np.eye(TICKS, 12, dtype=int) + np.eye(TICKS, 12, 1, dtype=int), 0)
        seen.append(shifts[-1])
    assert seen == [6, 6, 7, 7, 8, 8, 9, 9, 9]


def test_a_silent_layer_wakes_up() -> None:
    """A tenth of the weights, so that nothing fires; the threshold falls until it does."""
    network = small("mpd-ed", rate_target=20_000, adapt_shift=4)
    layers = tuple(replace(layer, weight=layer.weight // 10) for layer in network.layers)
    network = learner(layers, TICKS, network.learning)
    rates = []
    for x, label in samples("mpd-ed", 200):
        events, _, _ = network.forward(x)
        rates.append(len(events[1]) / (9 * TICKS))
        network.learn(x, label)
    assert np.mean(rates[:10]) < 0.005
    assert np.mean(rates[-20:]) >= 0.05


def test_thresholds_keep_their_bounds() -> None:
    falling, rising, still = (LearnedThreshold(160, 10, target, 1) for target in (60_000, 1, 0))
    for _ in range(1000):
        falling.adapt(0)
        rising.adapt(10)
        still.adapt(10)
    assert (falling.value, rising.value, still.value) == (10, 2560, 160)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Learning("hebb"), "Known: std-ed, mpd-ed, stdbp"),
        (lambda: Learning("std-ed", rate_shift=40), r"rate_shift 40 is outside 1\.\.16"),
        (lambda: learner((Layer([[1]], 5), Layer([[1]], 5)), 8, Learning("mpd-ed")), "a threshold is 0"),
        (lambda: learner((Layer([[1]], 5), Layer([[1, 2]], 5)), 8, Learning("std-ed")), "1 neurons meet 2 inputs"),
        (lambda: learner((Layer([[1]], 5), Layer([[1]], 5)), 12, Learning("stdbp")), "12 ticks are no power of two"),
        (lambda: learner((Layer([[1]], 1 << 20), Layer([[1]], 5)), 8, Learning("std-ed")), "exceeds 131071"),
        (lambda: Layer([[200]], 1), "Quantise it to 8 bits"),
        (lambda: layers_of(other_model()), "Use Dense layers with 8-bit weights and no bias"),
    ],
)  # fmt: skip
def test_what_cannot_learn_is_refused(make: object, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        make()  # type: ignore[operator]


def other_model() -> object:
    model = model_of("other", small("std-ed").layers, TICKS)
    assert isinstance(model.nodes[-1].op, FirstSpike)
    nodes = list(model.nodes)
    nodes[1] = replace(nodes[1], op=Dense(nodes[1].op.weight, bias=[1] * 9))  # type: ignore[attr-defined]
    return model.replace(nodes=tuple(nodes))
