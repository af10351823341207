"""Golden vectors of the neurons, each short enough to check by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from edgesnn.integer.ops import IntegrateFire, Lif, QuantizedLif
from edgesnn.integer.ops.decay import decay
from edgesnn.integer.ops.fire import Reset
from tests.integer.stepping import run_op


def test_integrate_fire_by_subtraction() -> None:
    """threshold 10, not strict: 4, 8, 12 fires and leaves 2, 6, 10 fires and leaves 0."""
    spikes, states = run_op(IntegrateFire(threshold=10), [[4]] * 5, [0])
    assert spikes == [[0], [0], [1], [0], [1]]
    assert states == [[[4]], [[8]], [[2]], [[6]], [[0]]]


@pytest.mark.parametrize(
    ("reset", "after"), [(Reset.NONE, 12), (Reset.ZERO, 0), (Reset.SUBTRACT, 2)], ids=lambda value: str(value)
)
def test_resets(reset: Reset, after: int) -> None:
    """8 + 4 = 12 against a threshold of 10."""
    assert run_op(IntegrateFire(threshold=10, reset=reset), [[4]], [8]) == ([[1]], [[[after]]])
    lif = Lif(threshold=10, fraction_bits=0, reset=reset)
    assert run_op(lif, [[4]], [8]) == ([[1]], [[[after]]])


def test_strictness() -> None:
    """v = 10 against 10, and 11 against 10."""
    assert run_op(IntegrateFire(threshold=10, strict=True), [[10, 11]], [0, 0])[0] == [[0, 1]]
    assert run_op(IntegrateFire(threshold=10, strict=False), [[9, 10]], [0, 0])[0] == [[0, 1]]
    assert run_op(Lif(threshold=10, fraction_bits=1, strict=False), [[9, 10]], [0, 0])[0] == [[0, 1]]


def test_a_neuron_at_rest_fires_at_a_threshold_of_zero_unless_strict() -> None:
    assert run_op(IntegrateFire(threshold=0, strict=False), [[0]], [0])[0] == [[1]]
    assert run_op(IntegrateFire(threshold=0, strict=True), [[0]], [0])[0] == [[0]]


def test_saturation_is_part_of_the_meaning() -> None:
    """8 bits: +-127, before the threshold is looked at; what went beyond is gone."""
    neuron = IntegrateFire(threshold=127, state_bits=8)
    assert run_op(neuron, [[1000]], [0]) == ([[1]], [[[0]]])
    assert run_op(neuron, [[-1000], [1]], [0])[1] == [[[-127]], [[-126]]]
    beyond = IntegrateFire(threshold=128, state_bits=8)
    assert run_op(beyond, [[1000]], [0]) == ([[0]], [[[127]]])


def test_threshold_and_bias_by_channel() -> None:
    """Channels of one and two columns: thresholds 1 and 5, biases 0 and 2; input 3 makes 3 and 5."""
    neuron = IntegrateFire(threshold=[[1], [6]], bias=[[0], [2]], reset=Reset.ZERO)
    assert run_op(neuron, [[[3, 0], [3, 4]]], [[0, 0], [0, 0]]) == ([[[1, 0], [0, 1]]], [[[[0, 0], [5, 0]]]])


def test_a_current_without_memory_is_not_a_state() -> None:
    """current_decay 4096: v = 0 + (3 << 2) = 12, kept whole by voltage_decay 0; with 4096 only the input remains."""
    assert run_op(Lif(threshold=100, fraction_bits=2), [[3], [0]], [0])[1] == [[[12]], [[12]]]
    forgetful = Lif(threshold=100, fraction_bits=2, voltage_decay=4096)
    assert run_op(forgetful, [[3], [0]], [50])[1] == [[[12]], [[0]]]


def test_a_current_that_never_decays() -> None:
    """current_decay 0: u = 1, 2, 3; v without leak = 1, 3, 6."""
    lif = Lif(threshold=100, current_decay=0, fraction_bits=0)
    assert run_op(lif, [[1]] * 3, [0], [0])[1] == [[[1], [1]], [[2], [3]], [[3], [6]]]


def test_decay_is_odd_and_rounds_toward_zero() -> None:
    values = np.arange(-5000, 5001)
    for amount in (0, 1, 2, 1000, 2048, 4095, 4096):
        exact = [abs(int(x)) * (4096 - amount) // 4096 for x in values]
        assert decay(values, amount).tolist() == [e if x >= 0 else -e for e, x in zip(exact, values, strict=True)]


@pytest.mark.parametrize("amount", [0, 1, 2047, 4095, 4096])
def test_decay_splits_into_int32(amount: int) -> None:
    """On 32-bit machines: hi*k + (lo*k >> 12) with hi = |x| >> 12 and lo = |x| & 4095; every product fits int32."""
    x = np.array([0, 1, 4095, 4096, (1 << 23) - 1, (1 << 31) - 1], np.int64)
    keep = 4096 - amount
    hi, lo = (x >> 12) * keep, (x & 4095) * keep
    assert max(hi.max(), lo.max(), (hi + (lo >> 12)).max()) < 1 << 31
    assert (hi + (lo >> 12)).tolist() == decay(x, amount).tolist()
    assert (-(hi + (lo >> 12))).tolist() == decay(-x, amount).tolist()


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("bits", [2, 4])
def test_quantized_lif_tables_are_the_arithmetic(bits: int, strict: bool) -> None:
    """Leak 1/2 rounded toward zero and a code of the potential in units of 3, floored: every code with every input."""
    q = (1 << (bits - 1)) - 1
    unit, threshold, low = 3, 2, -4 * q
    codes = np.arange(-q, q + 1)
    leak = np.trunc(codes * unit / 2).astype(int)
    table = np.clip(np.arange(low, 4 * q) // unit, -q, q)
    neuron = QuantizedLif(leak, table, low, threshold, bits, strict)
    for code, a in itertools.product(range(-q, q + 1), range(-6 * q, 6 * q + 1)):
        v = int(code * unit / 2) + a
        fires = v > threshold if strict else v >= threshold
        after = 0 if fires else max(-q, min(q, v // unit))
        assert run_op(neuron, [[a]], [code]) == ([[int(fires)]], [[[after]]])


def test_quantized_lif_resets_to_the_code_of_zero_potential() -> None:
    """A spike leaves code 0 even where the code table says otherwise for v = 0."""
    neuron = QuantizedLif(leak_table=[0, 0, 0], code_table=[1], code_low=0, threshold=5, state_bits=2)
    assert run_op(neuron, [[5], [4]], [0]) == ([[1], [0]], [[[0]], [[1]]])
