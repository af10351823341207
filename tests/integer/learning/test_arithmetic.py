"""Division by table, rounding, random numbers: against exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from edgesnn.integer.learning.arithmetic import (
    INT16_MAX,
    TABLE,
    bit_length,
    powers,
    reciprocal,
    scaled,
    shifted,
    softmax_errors,
)
from edgesnn.integer.learning.draws import BLOCK, INCREMENT, MULTIPLIER, Draws
from edgesnn.integer.learning.weights import MasterWeights, StochasticWeights

RNG = np.random.default_rng(0)
EVERYWHERE = np.unique(np.concatenate([np.arange(1, 1 << 16), RNG.integers(1, (1 << 31) - 1, 20_000), [(1 << 31) - 1]]))


def test_table_of_256_entries_of_16_bits() -> None:
    """The first is 2^31 / (32768 + 64) = 65408.25, the last 2^31 / (65408 + 64) = 32800.01."""
    assert (len(TABLE), TABLE[0], TABLE[-1]) == (256, 65408, 32800)


def test_reciprocal_is_within_3_of_65536() -> None:
    r, e = reciprocal(EVERYWHERE)
    assert r.min() >= 1 << 15 and r.max() <= 1 << 16
    assert np.abs(r - np.ldexp(1 / EVERYWHERE, e)).max() < 3


def test_reciprocal_stays_within_32_bits() -> None:
    """m table < 2^32 as unsigned; the error, and the table times its 256th, as signed."""
    m = np.arange(1 << 15, 1 << 16)
    guess = TABLE[(m >> 7) - 256]
    error = (1 << 31) - m * guess
    assert (m * guess).max() < 1 << 32
    assert np.abs(guess * (error >> 8)).max() < 1 << 31


def test_shift_rounds_halves_up() -> None:
    x = np.arange(-40, 41)
    for right in range(4):
        exact = [int((Fraction(int(value), 1 << right) + Fraction(1, 2)).__floor__()) for value in x]
        assert shifted(x, right).tolist() == exact
        if right:
            assert (((x >> right - 1) + 1) >> 1).tolist() == exact, "the form that needs no wider word"


def test_scaled_is_a_quotient() -> None:
    """Within one unit and 2^-13 of it: 15 leading bits of each operand, and one rounding."""
    x, divisor = RNG.integers(-(1 << 30), 1 << 30, 20_000), RNG.integers(1, 1 << 24, 20_000)
    x[:5000] >>= RNG.integers(0, 30, 5000)
    for up in (-7, 0, 12):
        exact = np.clip(np.ldexp(x / divisor, up), -INT16_MAX, INT16_MAX)
        assert (np.abs(scaled(x, reciprocal(divisor), up) - exact) <= 1 + np.abs(exact) / (1 << 13)).all()


def test_bit_length() -> None:
    assert bit_length(np.array([0, 1, 2, 3, 4, -4, (1 << 31) - 1])).tolist() == [0, 1, 2, 2, 3, 3, 31]


def test_powers_of_two() -> None:
    """Every 16th step halves; between, 2^(-8/16) = 0.70711."""
    assert powers(np.array([0, 8, 16, 32, 256, 1000])).tolist() == [32768, 23170, 16384, 8192, 0, 0]


def test_softmax() -> None:
    """Scores 0, 16, 32 with odds that halve every 16: 1/7, 2/7, 4/7 of 4096, less 4096 at the label."""
    assert softmax_errors(np.array([0, 16, 32]), 2, 4).tolist() == [585, 1170, 2341 - 4096]


def test_softmax_with_a_rival() -> None:
    """The same where the third is no class: what is left for the others is less, and the rival has no error."""
    assert softmax_errors(np.array([0, 16]), 1, 4, rival=32).tolist() == [585, 1170 - 4096]


@pytest.mark.parametrize("softness", [0, 3, 4, 9])
def test_softmax_against_float(softness: int) -> None:
    """The table has 16 steps a factor of 2, each 4.4 % of a probability."""
    for _ in range(200):
        scores = RNG.integers(-(4 << softness), 4 << softness, 10)
        exact = np.exp2((scores - scores.max()) / (1 << softness))
        errors = softmax_errors(scores, 3, softness)
        expected = 4096 * (exact / exact.sum() - (np.arange(10) == 3))
        assert np.abs(errors - expected).max() <= 1 + 4096 * 0.045
        assert abs(errors.sum()) <= 10


def test_draws_are_one_step_each_across_blocks() -> None:
    ours, state = Draws(7), 7
    for draw in [*ours.take(3, 32), *ours.take(BLOCK + 5, 32)]:
        state = (MULTIPLIER * state + INCREMENT) % (1 << 32)
        assert draw == state
    assert ours.take(0, 8).tolist() == []
    assert ours.state == state


def test_draws_take_the_high_bits() -> None:
    assert Draws(1).take(4, 8).tolist() == (Draws(1).take(4, 32) >> 24).tolist()


def test_master_moves_by_the_rounded_product() -> None:
    """Weights 1, -1, 127: masters 256, -256, 32512. 100 / 2^3 = 12.5 goes up to 13;
    -100 / 8 to -12; 32512 + 1000 saturates."""
    weights = MasterWeights(np.array([[1, -1, 127]]))
    weights.update(0, np.array([0, 1, 2]), np.array([100, -100, -8000]), 3)
    assert weights.master.tolist() == [[243, -244, 32767]]
    assert weights.saturated == 1
    weights.refresh()
    assert weights.weight.tolist() == [[1, -1, 127]]


def test_weights_follow_their_masters() -> None:
    """A weight is kept until its master is half a unit away: 256 - 128 = 128 is 0.5, which is 1; 127 is 0."""
    weights = MasterWeights(np.array([[1, 1]]))
    weights.update(0, np.array([0, 1]), np.array([128, 129]), 0)
    weights.refresh()
    assert weights.weight.tolist() == [[1, 0]]


@pytest.mark.parametrize("product", [100, -100, 1, 70_000])
def test_stochastic_rounding_is_unbiased(product: int) -> None:
    """Mean of 10^5 steps, within 1 % of the exact one or 4 standard errors of a coin where a step is rare."""
    count, shift = 100_000, 6
    exact = -product / (1 << shift + 8)
    weights = StochasticWeights(np.zeros((1, count), np.int64), Draws(5))
    weights.update(0, np.arange(count), np.full(count, product), shift)
    rare = abs(exact - np.round(exact))
    assert abs(weights.next.mean() - exact) < max(0.01 * abs(exact), 4 * np.sqrt(rare / count))
    assert not weights.weight.any(), "inference weights wait for the refresh"


def test_stochastic_weights_saturate_and_count() -> None:
    weights = StochasticWeights(np.array([[127, -128]]), Draws(1))
    weights.update(0, np.array([0, 1]), np.array([-1 << 20, 1 << 20]), 4)
    assert (weights.next.tolist(), weights.saturated) == ([[127, -128]], 2)
