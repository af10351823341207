"""Range analysis: never exceeded by any run, tight where it matters, and a refusal where int32 would not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer import Interval, Model, Node, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Add,
    Conv,
    Dense,
    FirstSpike,
    Input,
    IntegrateFire,
    Lif,
    Membrane,
    QuantizedLif,
    Rescale,
    SpikeCount,
    SumPool,
    TernaryLif,
)
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.ranges import PATIENCE
from edgesnn.integer.signal import width_for
from tests.fuzz.strategies import integer_models, loihi_models, samples_for, spike_time_models, ternary_models
from tests.integer.stepping import prove, signal

BIG = (1 << 31) - 1


@given(st.one_of(integer_models(), loihi_models(), ternary_models(), spike_time_models()), st.integers(0, 1 << 32))
def test_no_run_leaves_the_proven_ranges(model: Model, seed: int) -> None:
    x = samples_for(model, np.random.default_rng(seed))
    names = [node.name for node in model.nodes]
    for name, trace in run(model, x, record=names).traces.items():
        proven = model.ranges[name]
        assert holds(proven.output.range, trace.output)
        for interval, state in zip(proven.states, trace.states.values(), strict=True):
            assert holds(interval, state)


def holds(interval: Interval, values: np.ndarray) -> bool:
    return bool((interval.low <= values).all() and (values <= interval.high).all())


def test_the_bounds_of_synapses_are_reached() -> None:
    """Inputs in [-1, 3], weights 2 and -5: from 2*-1 - 5*3 = -17 to 2*3 - 5*-1 = 11, bias 100."""
    for op, shape in ((Dense([[2, -5]], bias=[100]), (2,)), (Conv([[[2, -5]]], bias=[100]), (1, 2))):
        proven = prove(op, signal(*shape, low=-1, high=3)).output.range
        assert (proven.minimum, proven.maximum) == (83, 111)


def test_the_bounds_of_a_negative_multiplier_are_in_order() -> None:
    """Channels times 2 and -3 over [-1, 5]: [-2, 10] and [-15, 3]."""
    proven = prove(Rescale([2, -3]), signal(2, low=-1, high=5)).output.range
    assert (proven.low.tolist(), proven.high.tolist()) == ([-2, -15], [10, 3])


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(("reset", "low", "high"), [(Reset.NONE, -8, 8), (Reset.ZERO, -8, 4), (Reset.SUBTRACT, -8, 4)])
def test_membrane_after_a_reset(reset: Reset, low: int, high: int, strict: bool) -> None:
    """Inputs of [-4, 4] for two steps; 5 fires (4 strictly is the same), so 4 is the most that stays."""
    neuron = IntegrateFire(threshold=4 if strict else 5, strict=strict, reset=reset)
    (v,) = prove(neuron, signal(1, low=-4, high=4), steps=2).states
    assert (v.minimum, v.maximum) == (low, high)


def test_a_neuron_that_cannot_fire_is_known() -> None:
    quiet = prove(IntegrateFire(threshold=9), signal(1, low=0, high=4), steps=2).output.range
    assert quiet.maximum == 0
    loud = prove(IntegrateFire(threshold=9), signal(1, low=0, high=4), steps=3).output.range
    assert loud.maximum == 1


def test_ranges_are_those_of_the_steps_a_sample_has() -> None:
    """A sum of spikes over T steps is T, to the step; also where steps are bounded at once."""
    for steps in (1, 7, PATIENCE, PATIENCE + 1, 5000, 1 << 20):
        assert prove(SpikeCount(), signal(1), steps=steps).output.range.maximum == steps
        assert prove(Membrane(bias=-3), signal(1, low=0, high=5), steps=steps).states[0].maximum == 2 * steps
        assert prove(Membrane(bias=-3), signal(1, low=0, high=5), steps=steps).states[0].minimum == -3 * steps


@pytest.mark.parametrize("decay", [1, 64, 2048])
def test_long_runs_are_bounded_soundly(decay: int) -> None:
    """A leaky sum, stepped 3000 times at its highest input, stays in what was bounded at once."""
    op = Membrane(voltage_decay=decay)
    proven = prove(op, signal(1, low=-7, high=100), steps=3000).states[0]
    v = np.zeros((1, 1), np.int64)
    for _ in range(3000):
        _, (v,) = op.step((np.array([[100]]),), (v,))
    assert v.max() <= proven.maximum <= 100 * 3000


def test_for_ever_needs_a_leak() -> None:
    with pytest.raises(RangeError, match="its membrane potential may reach"):
        prove(Membrane(), signal(1), steps=None)
    assert prove(Membrane(voltage_decay=1), signal(1, high=100), steps=None).output.bits == 32
    with pytest.raises(RangeError, match="state count may reach"):
        prove(SpikeCount(), signal(1), steps=None)
    assert prove(FirstSpike(8), signal(1), steps=None).output.range.maximum == 8
    with pytest.raises(RangeError, match="synaptic current u may reach"):
        prove(Lif(threshold=1, current_decay=0), signal(1), steps=None)


def test_what_a_neuron_saturates_needs_no_leak() -> None:
    (v,) = prove(IntegrateFire(threshold=0, reset=Reset.NONE, state_bits=8), signal(1, high=3), steps=None).states
    assert (v.minimum, v.maximum) == (0, 127)
    (v,) = prove(IntegrateFire(threshold=0, reset=Reset.NONE, state_bits=16), signal(1, high=3), steps=None).states
    assert v.maximum == (1 << 15) - 1


TOO_WIDE = {
    "an accumulator": (Dense(np.full((1, 140_000), -128)), (140_000,), -128, 127, "its accumulator may reach"),
    "a partial sum": (
        Dense(np.tile([127, -128], 100_000)[None], bias=[0]), (200_000,), 100, 127, "its accumulator may reach"
    ),
    "a bias that hides a sum": (Dense([[-128]], bias=[BIG]), (1,), 0, 127, "its accumulator may reach"),
    "a convolution": (Conv([[[1]]], bias=[BIG]), (1, 3), -1, 0, "its accumulator may reach"),
    "a current": (Lif(threshold=1, fraction_bits=16), (1,), -128, 128, "synaptic current u may reach"),
    "a current with memory": (
        Lif(threshold=1, current_decay=4095, fraction_bits=16), (1,), 0, 128, "synaptic current u may reach"
    ),
    "the charge of a neuron": (IntegrateFire(threshold=1, bias=5), (1,), 0, BIG - 3, r"v \+ a \+ bias may reach"),
    "a ternary neuron's drive": (TernaryLif((1 << 15) - 1, 1), (1,), 0, 65539, "its membrane potential may reach"),
    "a ternary neuron below zero": (TernaryLif(-4, 1), (1,), 0, 1 << 29, "its membrane potential may reach"),
    "a look-up": (QuantizedLif([0] * 3, [0], -4000, 1, 2), (1,), 0, BIG - 3999, "v - code_low may reach"),
    "a product": (Rescale(multiplier=2), (1,), 0, 1 << 30, r"x \* multiplier may reach"),
    "a product below zero": (Rescale(multiplier=-2), (1,), 0, 1 << 30, r"x \* multiplier may reach"),
    "a product with its offset": (Rescale(offset=BIG), (1,), 0, 1, r"multiplier \+ offset may reach"),
    "a readout": (Membrane(fraction_bits=16), (1,), 0, 1 << 15, "its membrane potential may reach"),
    "a readout whose bias hides it": (Membrane(bias=-10), (1,), 0, BIG, "its membrane potential may reach"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_WIDE)
def test_beyond_int32_is_refused(name: str) -> None:
    op, shape, low, high, words = TOO_WIDE[name]
    with pytest.raises(RangeError, match=words):
        prove(op, signal(*shape, low=low, high=high), steps=1)


NARROW_ENOUGH: dict[str, tuple[Operator, int, int]] = {
    "a current": (Lif(threshold=1, fraction_bits=16), -127, 127),
    "the charge of a neuron": (IntegrateFire(threshold=1, bias=5, state_bits=2), 0, BIG - 5),
    "a product": (Rescale(multiplier=2), 0, (1 << 30) - 1),
    "a readout": (Membrane(fraction_bits=16), 0, (1 << 15) - 1),
    "a ternary neuron's drive": (TernaryLif((1 << 15) - 1, 1), 0, 65538),
}


@pytest.mark.parametrize("name", NARROW_ENOUGH)
def test_just_within_int32_is_accepted(name: str) -> None:
    op, low, high = NARROW_ENOUGH[name]
    assert prove(op, signal(1, low=low, high=high), steps=1).output.bits <= 32


def test_a_sum_beyond_int32_is_refused() -> None:
    wide = signal(1, low=0, high=BIG)
    with pytest.raises(RangeError, match="its output may range from 0 to 4294967294, beyond int32"):
        prove(Add(), wide, wide)


def test_inputs_beyond_int8_are_refused() -> None:
    for op, shape in ((Dense([[1]]), (1,)), (Conv([[[1]]]), (1, 1)), (SumPool((1,)), (1, 1))):
        prove(op, signal(*shape, low=-128, high=127))
        for low, high in ((-129, 0), (0, 128)):
            with pytest.raises(RangeError, match="beyond int8"):
                prove(op, signal(*shape, low=low, high=high))


def test_errors_name_the_node() -> None:
    nodes = (Node("x", Input((2,), 0, 1)), Node("soma", Membrane(fraction_bits=16, bias=[1, 2, 3]), ("x",)))
    with pytest.raises(ModelError, match=r"soma \(Membrane\): bias of shape \(3,\) does not broadcast to \(2,\)"):
        Model("m", nodes, 1)


def test_widths() -> None:
    """Unsigned unless negative values are possible; two's complement then."""
    ends = {1: (0, 1), 2: (-2, 3), 4: (-8, 15), 8: (-128, 255), 16: (-(1 << 15), 65535), 32: (-(1 << 31), 1 << 31)}
    for bits, (low, high) in ends.items():
        assert width_for(0, high) == bits
        if low:
            assert width_for(low, 0) == bits
    assert width_for(0, 256) == 16
    assert width_for(-129, 0) == 16
    assert width_for(0, 65536) == 24
    assert width_for(0, 1 << 32) == 64
