"""The ternary neuron: golden vectors, the whole of small neurons against another formula, mirror symmetry, ranges."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.integer import Meaning, Model, run
from edgesnn.integer.ops import TernaryLif
from edgesnn.integer.ops.fire import Reset
from tests.factory import ternary_like
from tests.fuzz.strategies import samples_for, ternary_models
from tests.integer.stepping import prove, run_op, signal


def test_charge_and_code() -> None:
    """Codes 4, -4 stand for 16, -16; a quarter leaks: 12, -12. Inputs 3, -3 count twice: 18, -18, short of 20.
    As codes of 4: 18 / 4 = 4.5, half away from zero: 5, -5."""
    neuron = TernaryLif(multiplier=2, threshold=20, leak_shift=2, fraction_bits=2, state_bits=4)
    assert run_op(neuron, [[3, -3]], [4, -4]) == ([[0, 0]], [[[5, -5]]])


def test_it_fires_at_its_threshold_on_both_sides() -> None:
    neuron = TernaryLif(multiplier=1, threshold=20, leak_shift=2, fraction_bits=0)
    assert run_op(neuron, [[19, 20, -19, -20]], [0] * 4) == ([[0, 1, 0, -1]], [[[19, 0, -19, 0]]])


@pytest.mark.parametrize(
    ("reset", "after"), [(Reset.ZERO, [0, 0]), (Reset.SUBTRACT, [5, -5]), (Reset.NONE, [25, -25])], ids=str
)
def test_resets(reset: Reset, after: list[int]) -> None:
    neuron = TernaryLif(multiplier=1, threshold=20, leak_shift=2, fraction_bits=0, reset=reset)
    assert run_op(neuron, [[25, -25]], [0, 0]) == ([[1, -1]], [[after]])


def test_one_spike_a_step_however_much_is_left() -> None:
    """70 - 20 = 50, which is above the threshold and fires again in the next step: 50 - 20 = 30."""
    neuron = TernaryLif(multiplier=1, threshold=20, leak_shift=0, fraction_bits=0, reset=Reset.SUBTRACT)
    assert run_op(neuron, [[70], [0]], [0]) == ([[1], [1]], [[[50]], [[30]]])


def test_a_leak_shift_of_zero_is_no_leak() -> None:
    neuron = TernaryLif(multiplier=1, threshold=20, leak_shift=0, fraction_bits=3, state_bits=4)
    assert run_op(neuron, [[0]] * 3, [2])[1] == [[[2]], [[2]], [[2]]]


def test_leak_rounds_toward_zero() -> None:
    """Of 3 a half is 1, of -3 as well: 2 and -2 remain. Of 1 nothing leaks."""
    neuron = TernaryLif(multiplier=1, threshold=20, leak_shift=1, fraction_bits=0)
    assert run_op(neuron, [[0] * 4], [3, -3, 1, -1])[1] == [[[2, -2, 1, -1]]]


def test_the_code_saturates_not_the_potential() -> None:
    """2 bits, L = 1: 3 << 1 would be kept as 1; with threshold 100 the sum of 6 does not fire."""
    neuron = TernaryLif(multiplier=1, threshold=100, leak_shift=0, fraction_bits=1, state_bits=2)
    assert run_op(neuron, [[6, -6], [98, -98]], [0, 0]) == ([[0, 0], [1, -1]], [[[1, -1]], [[0, 0]]])


def test_multiplier_and_threshold_by_channel() -> None:
    neuron = TernaryLif(multiplier=[[1], [-3]], threshold=[[9], [12]], leak_shift=2, fraction_bits=0)
    assert run_op(neuron, [[[4, 9], [4, -4]]], [[0, 0], [0, 0]])[0] == [[[0, 1], [-1, 1]]]


def by_fractions(op: TernaryLif, code: int, a: int) -> tuple[int, int]:
    """The same neuron in rational numbers: what truncation and rounding do is said by int() and by halves."""
    fine = Fraction(code * 2**op.fraction_bits)
    lost = int(fine / 2**op.leak_shift) if op.leak_shift else 0
    v = fine - lost + a * int(op.multiplier)
    theta = int(op.threshold)
    s = 1 if v >= theta else -1 if v <= -theta else 0
    if s and op.reset is not Reset.NONE:
        v = Fraction(0) if op.reset is Reset.ZERO else v - s * theta
    nearest = int(abs(v) / 2**op.fraction_bits + Fraction(1, 2)) * (1 if v >= 0 else -1)
    return s, max(-op.levels, min(op.levels, nearest))


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize(("bits", "fraction_bits", "leak"), list(itertools.product((2, 4), (0, 1, 3), (0, 1, 3))))
def test_every_code_with_every_input(bits: int, fraction_bits: int, leak: int, reset: Reset) -> None:
    """The neuron is a finite-state machine, and all of it is compared."""
    neuron = TernaryLif(3, 3 << fraction_bits, leak, fraction_bits, bits, reset)
    codes, inputs = np.arange(-neuron.levels, neuron.levels + 1), np.arange(-20, 21)
    c, a = (grid.reshape(1, -1) for grid in np.meshgrid(codes, inputs))
    s, (after,) = neuron.step((a,), (c,))
    expected = [by_fractions(neuron, int(code), int(drive)) for code, drive in zip(c[0], a[0], strict=True)]
    assert list(zip(s[0].tolist(), after[0].tolist(), strict=True)) == expected


@given(ternary_models(), st.integers(0, 1 << 32))
def test_networks_without_biases_are_odd(model: Model, seed: int) -> None:
    """Opposite input, opposite spikes, states and scores: no shift and no comparison prefers a sign."""
    x = samples_for(model, np.random.default_rng(seed))
    names = [node.name for node in model.nodes]
    one, other = run(model, x, names), run(model, -x, names)
    assert (one.output == -other.output).all()
    for name in names:
        assert (one.traces[name].output == -other.traces[name].output).all()
        for state, values in one.traces[name].states.items():
            assert (values == -other.traces[name].states[state]).all()


@given(ternary_models(), st.integers(0, 1 << 32))
def test_the_membrane_never_leaves_its_bits(model: Model, seed: int) -> None:
    """Codes lie in [-L, L] whatever comes in; spikes are -1, 0 or 1 and say so."""
    neurons = {node.name: node.op for node in model.nodes if isinstance(node.op, TernaryLif)}
    seen = run(model, samples_for(model, np.random.default_rng(seed)), list(neurons)).traces
    for name, op in neurons.items():
        assert np.abs(seen[name].states["v"]).max() <= op.levels == (1 << op.state_bits - 1) - 1
        assert set(np.unique(seen[name].output)) <= {-1, 0, 1}
        assert model.signal(name).meaning is Meaning.TERNARY


@pytest.mark.parametrize("state_bits", [2, 4, 8])
def test_codes_reach_both_ends(state_bits: int) -> None:
    """The range above is not kept by never getting there: a potential that no spike takes away saturates."""
    neuron = TernaryLif(1, 40, leak_shift=2, fraction_bits=2, state_bits=state_bits, reset=Reset.NONE)
    _, states = run_op(neuron, [[200, -200]] * 6, [0, 0])
    top = (1 << state_bits - 1) - 1
    assert states[-1] == [[top, -top]]


@pytest.mark.parametrize("state_bits", [2, 4, 8])
def test_the_network_of_the_other_tests_is_alive(state_bits: int) -> None:
    """Both layers send spikes of both signs and keep codes of both."""
    model = ternary_like(state_bits)
    traces = run(model, samples_for(model, np.random.default_rng(1), 50), ["lif1", "lif2"]).traces
    for trace in traces.values():
        assert set(np.unique(trace.output)) == {-1, 0, 1}
        assert trace.states["v"].min() < 0 < trace.states["v"].max()


@given(
    st.sampled_from(Reset), st.sampled_from((2, 4, 8)), st.integers(0, 3), st.integers(0, 4), st.integers(-5, 5),
    st.integers(1, 60), st.tuples(st.integers(-9, 9), st.integers(0, 9)), st.integers(1, 6),
)  # fmt: skip
def test_all_that_is_reachable_is_within_the_proven_range(
    reset: Reset, bits: int, leak: int, fraction_bits: int, gain: int, theta: int, span: tuple[int, int], steps: int
) -> None:
    """Every state that any sequence of inputs leads to, by exhaustion."""
    op = TernaryLif(gain, theta, leak, fraction_bits, bits, reset)
    low, high = span[0], span[0] + span[1]
    proven = prove(op, signal(1, low=low, high=high), steps=steps)
    inputs = np.arange(low, high + 1)
    states = np.zeros(1, np.int64)
    for _ in range(steps):
        a, c = (grid.reshape(-1, 1) for grid in np.meshgrid(inputs, states))
        s, (after,) = op.step((a,), (c,))
        states = np.unique(after)
        assert proven.output.range.minimum <= s.min() and s.max() <= proven.output.range.maximum
        assert proven.states[0].minimum <= states.min() and states.max() <= proven.states[0].maximum


def test_a_neuron_that_cannot_fire_is_known() -> None:
    """Three times 4 is 12, short of 13; a fourth step could."""
    neuron = TernaryLif(1, 13, leak_shift=0, fraction_bits=0)
    assert prove(neuron, signal(1, low=-4, high=4), steps=3).output.range.maximum == 0
    loud = prove(neuron, signal(1, low=-4, high=4), steps=4).output.range
    assert (loud.minimum, loud.maximum) == (-1, 1)
