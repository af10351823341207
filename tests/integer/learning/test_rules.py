"""The integer rules: by hand on tiny networks, against the float reference, and what must hold of every sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from edgesnn.errors import ModelError
from edgesnn.integer import run
from edgesnn.integer.learning import Layer, Learner, Learning, layers_of, learner, model_of, with_layers
from edgesnn.integer.learning.events import Events, integrate
from edgesnn.integer.learning.ramps import crossings, ticked
from edgesnn.integer.learning.stbp import StbpLearner
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning.threshold import LearnedThreshold
from edgesnn.integer.learning.walk import onto_events, onto_weights
from edgesnn.integer.learning.weights import MasterWeights
from edgesnn.integer.learning_section import POTENTIALS, RULES
from edgesnn.integer.ops import Dense, FirstSpike
from edgesnn.learn.integrate_fire import integrate as integrate_in_float
from edgesnn.learn.integrate_fire import onto_inputs
from edgesnn.learn.reference import integrate as reference_integrate
from edgesnn.learn.reference import mpd_ed_backward, std_ed_backward

TICKS = 8


def small(rule: str, seed: int = 0, **constants: int) -> Learner:
    """12-9-4 neurons whose spikes are neither few nor many."""
    rng = np.random.default_rng(seed)
    unit = TICKS if rule == "stdbp" else 1
    hidden = Layer(rng.integers(-20, 45, (9, 12)), 60 * unit)
    last = Layer(rng.integers(-20, 45, (4, 9)), 0 if rule in POTENTIALS else 60 * unit)
    settings = {"rate_shift": 6, "hidden_rate_shift": 8, "softness": 6 if rule in POTENTIALS else 1} | constants
    return learner((hidden, last), 2 * TICKS if rule == "stdbp" else TICKS, Learning(rule, **settings))  # type: ignore[arg-type]


def samples(rule: str, count: int, seed: int = 1) -> list[tuple[np.ndarray, int]]:
    rng = np.random.default_rng(seed)
    if rule == "stdbp":
        return [(rng.integers(0, TICKS + 2, 12), int(rng.integers(4))) for _ in range(count)]
    return [((rng.random((TICKS, 12)) < 0.15).astype(int), int(rng.integers(4))) for _ in range(count)]


def telling(rule: str, count: int, seed: int = 3) -> list[tuple[np.ndarray, int]]:
    """Samples whose class has three inputs of its own, which spike more often, or earlier, than the others."""
    found = []
    rng = np.random.default_rng(seed)
    for x, label in samples(rule, count, seed):
        own = slice(3 * label, 3 * label + 3)
        if rule == "stdbp":
            x[own] = rng.integers(0, 3, 3)
        else:
            x[:, own] |= rng.random((TICKS, 3)) < 0.3
        found.append((x, label))
    return found


def masters(network: Learner) -> list[list[list[int]]]:
    return [weights.master.tolist() for weights in network.weights if isinstance(weights, MasterWeights)]


def test_mpd_ed_by_hand() -> None:
    """Two inputs, one hidden neuron, two classes.

    Forward: input 0 at steps 0 and 1, input 1 at step 1; weights 40, 30, threshold 100: U = 40, then 110, a spike at
    step 1. Scores 16 and 0 with odds that halve every 16: p = 2/3, 1/3; label 1. Errors of 4096: 2731 and 1365 - 4096
    = -2731. Last layer: one event each; master -= 2731 / 2^4 = 170.7: 16 * 256 - 171 = 3925, 0 + 171 = 171.
    Hidden: 2731 * 16 - 2731 * 0 = 43696; in thresholds of 16 and finer by 2^1: 43696 / 16 * 2 = 5462. The surrogate:
    1 - 10 / 100 = 0.9, of 4096 3686 (1 - 410 / 4096): 5462 * 3686 / 4096 = 4915.3.
    Traces 2 and 1: masters -= 9830 / 2^8 = 38.4, 19.2:
    10240 - 38 = 10202, 7680 - 19 = 7661.
    """
    constants = Learning("mpd-ed", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=4)
    network = learner((Layer([[40, 30]], 100), Layer([[16], [0]], 0)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10202, 7661]], [[3925], [171]]]
    assert [weights.weight.tolist() for weights in network.weights] == [[[40, 30]], [[15], [1]]]
    assert network.tally == Tally(
        samples=1, learned=1, adds=3 + 2, reciprocals=1 + 1 + 1, multiplies=2 + 2 + 2, updates=4, events=3 + 1,
        records=1, reads=2,
    )  # fmt: skip


def test_stbp_by_hand() -> None:
    """The same network and sample: step 0 has an error too. U = 40 is 60 below the threshold: 1 - 60 / 100 = 0.4, of
    4096 1638 (1 - 2458 / 4096). Errors 5462 * 3686 / 4096 = 4915 at step 1 and 5462 * 1638 / 4096 = 2184 at step 0,
    which the later one adds to, there being no reset between: 7099. Masters over 2^8: 19.2 for both inputs, 27.7 for
    input 0.
    """
    constants = Learning("stbp", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=4)
    network = learner((Layer([[40, 30]], 100), Layer([[16], [0]], 0)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10240 - 19 - 28, 7680 - 19]], [[3925], [171]]]
    assert network.tally == Tally(
        samples=1, learned=1, adds=3 + 2, reciprocals=1 + 2, multiplies=2, updates=2 + 3, events=3 + 1, reads=2
    )


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


def test_std_ed_by_hand() -> None:
    """The same network with thresholds 100 and 64, output weights 96 and 0.

    The hidden spike at step 1 drives output 0 from 0 to 96: it fires at 1 - 32/96 = 0.667 steps, 171 of 256. Output 1
    stays silent: 64 are missing at 8 a step, 8 steps after the last: time 9, and 10 as label 1: 2560. The end is 2
    steps, 512. Odds halve every 4 steps = 1024: 16 * 2389 / 1024 = 37.3 sixteenths, rounded down 37: 26386 / 4 of
    32768; of the end 16 * 341 / 1024 = 5.3: 26386. p = 0.4984, 0.1003 and 0.4013: errors 2041, 411 - 4096 = -3685.
    Slowness 64 / 96 = 0.667 (2730 of 4096), 64 / 8 = 8 (32767). u = 2041 * 2730 / 4096 = 1360, -3685 * 8 = -29479. One
    event each: masters -= 1360 / 16 = 85, -1842.4: 24576 - 85 = 24491, 1842.
    Hidden: 1360 * 96 / 64 * 2 = 4080; its slope 70 in 100: 1.42857, 5851 of 4096: u = 5828.1. Traces 2, 1: 45.5, 22.8.
    """
    constants = Learning("std-ed", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=2)
    network = learner((Layer([[40, 30]], 100), Layer([[96], [0]], 64)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10240 - 46, 7680 - 23]], [[24491], [1842]]]


def test_stdbp_by_hand() -> None:
    """Four ticks, two a unit. Inputs at 0 and 1, weights 40, 20, threshold 60: V(1) = 40, slope 60: the hidden spike at
    tick ceil((60 + 20) / 60) = 2. Output 0 rises by 32 from there: 32 at tick 3, its threshold: tick 3. Output 1:
    slope 0, taken as 32 >> 4 = 2: 32 missing, 16 ticks after tick 4: 20, of which traces see 8. Odds halve every 2^3
    ticks: 17 / 8 * 16 = 34 sixteenths: 2^(-34/16) = 7512 / 32768 (30048 >> 2). p = 0.8135, 0.1865; label 1: errors
    3332, -3332. Slowness in units of two ticks: 32 / (2 * 32) = 1/2, and 32 / (2 * 2) = 8 (32767 of 4096). u = 1666,
    -26655.
    Traces: 3 - 2 = 1 and 8 - 2 = 6: masters -= 1666 / 64 = 26.03, -159930 / 64 = -2498.9: 8192 - 26 = 8166, 2499.
    Hidden: 1666 * 32 / 32 * 2 = 3332, finer by 2: 6664. Slowness 60 / (2 * 60) = 1/2: 3332. Traces 2, 1 over 2^8:
    26.03, 13.02.
    """
    constants = Learning("stdbp", rate_shift=6, hidden_rate_shift=8, error_shift=1, softness=3)
    network = learner((Layer([[40, 20]], 60), Layer([[32], [0]], 32)), 4, constants)
    assert network.learn(np.array([0, 1]), 1) == 0
    assert masters(network) == [[[10240 - 26, 5120 - 13]], [[8166], [2499]]]


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


@pytest.mark.parametrize("rule", RULES)
def test_without_input_nothing_is_done(rule: str) -> None:
    network = small(rule)
    before = masters(network)
    nothing = np.full(12, 2 * TICKS) if rule == "stdbp" else np.zeros((TICKS, 12), int)
    network.learn(nothing, 2)
    assert masters(network) == before
    assert (network.tally.adds, network.tally.multiplies, network.tally.updates) == (0, 0, 0)


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
