"""Sums of spikes with weights of few bits: the forms that executors use are the sum itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError
from edgesnn.integer import Array
from edgesnn.integer.ops import Conv, Dense
from edgesnn.integer.ops.synapse import weight_codes
from tests.integer.stepping import apply, prove, signal


def grid(bits: int) -> Array:
    """All odd integers up to 2^b - 1, as QP-SNN's uniform grid: m = 2q - s for q from 0 to s = 2^b - 1."""
    s = (1 << bits) - 1
    return 2 * np.arange(s + 1) - s


def rows(values: Array, length: int) -> Array:
    """Every row of that length."""
    return np.array(list(itertools.product(values, repeat=length)))


@pytest.mark.parametrize(("bits", "inputs"), [(1, 6), (2, 4), (4, 2), (8, 1)])
def test_unsigned_codes_and_a_popcount(bits: int, inputs: int) -> None:
    """sum m S = 2 sum q S - s popcount(S): every weight row with every pattern of spikes."""
    s = (1 << bits) - 1
    weight, spikes = rows(grid(bits), inputs), rows(np.array([0, 1]), inputs)
    dense = Dense(weight, bits, zero_free=True)
    q = (weight + s) // 2
    assert (q.min(), q.max()) == (0, s)
    y, _ = dense.step((spikes,), ())
    assert (y == 2 * spikes @ q.T - s * spikes.sum(axis=1, keepdims=True)).all()


def test_pairs_of_eight_bits() -> None:
    """All 65,536 pairs of 8-bit weights with all four patterns."""
    weight = rows(grid(8), 2)
    q, spikes = (weight + 255) // 2, rows(np.array([0, 1]), 2)
    y, _ = Dense(weight, 8, zero_free=True).step((spikes,), ())
    assert (y == 2 * spikes @ q.T - 255 * spikes.sum(axis=1, keepdims=True)).all()


@pytest.mark.parametrize(("bits", "inputs"), [(1, 3), (2, 2), (4, 2), (8, 1)])
def test_signed_codes_and_the_sum_of_the_inputs(bits: int, inputs: int) -> None:
    """w = 2c + 1 with c of b bits in two's complement, hence sum w x = 2 sum c x + sum x, also for graded x."""
    weight = rows(grid(bits), inputs)
    x = rows(np.array([-128, -3, -1, 0, 1, 2, 127]), inputs)
    codes = weight_codes(weight, zero_free=True)
    assert (codes.min(), codes.max()) == (-(1 << bits - 1), (1 << bits - 1) - 1)
    y, _ = Dense(weight, bits, zero_free=True).step((x,), ())
    assert (y == 2 * x @ codes.T + x.sum(axis=1, keepdims=True)).all()


def popcount(row: Array) -> int:
    """Ones of a row, as a machine counts them in a word."""
    return int("".join(map(str, row.astype(int))), 2).bit_count()


def test_ternary_spikes_with_binary_weights_are_four_popcounts() -> None:
    """All 3^8 inputs: popcount(p & w+) + popcount(n & w-) - popcount(p & w-) - popcount(n & w+), and w @ x."""
    x = rows(np.array([-1, 0, 1]), 8)
    weight = np.random.default_rng(2).choice([-1, 1], (4, 8))
    y, _ = Dense(weight, 1).step((x,), ())
    assert (y == x @ weight.T).all()
    for o, w in enumerate(weight):
        for row, total in zip(x, y[:, o], strict=True):
            same = popcount((row == 1) & (w == 1)) + popcount((row == -1) & (w == -1))
            opposite = popcount((row == 1) & (w == -1)) + popcount((row == -1) & (w == 1))
            assert same - opposite == total


@given(st.integers(1, 5), st.integers(1, 7), st.integers(1, 9), st.integers(0, 2), st.integers(0, 1 << 32))
def test_a_binary_convolution_is_popcounts(channels: int, height: int, width: int, pad: int, seed: int) -> None:
    """2 popcount(w+ & S) - popcount(S) for each window, odd widths included, where padding holds no spikes; and the
    float convolution, exactly."""
    from scipy.signal import correlate

    rng = np.random.default_rng(seed)
    kernel = (min(3, height + 2 * pad), min(3, width + 2 * pad))
    weight, x = rng.choice([-1, 1], (2, channels, *kernel)), rng.integers(0, 2, (channels, height, width))
    y, _ = Conv(weight, 1, padding=(pad,) * 4).step((x[None],), ())
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    for o, p, q in np.ndindex(*y[0].shape):
        window = padded[:, p : p + kernel[0], q : q + kernel[1]].ravel()
        assert y[0, o, p, q] == 2 * popcount(window & (weight[o].ravel() == 1)) - popcount(window)
    for o in range(2):
        exact = correlate(padded.astype(float), weight[o].astype(float), "valid", method="direct")[0]
        assert (y[0, o] == exact).all()


def test_dense_and_conv_without_zero() -> None:
    """3*2 - 1*5 + 255*1 - 255*1 + 4 = 5; over windows of two: 3*2 - 255*5 = -1269, 3*5 - 255*1 = -240."""
    assert apply(Dense([[3, -1, 255, -255]], 8, bias=[4], zero_free=True), [2, 5, 1, 1]) == [5]
    assert apply(Conv([[[3, -255]]], 8, zero_free=True), [[2, 5, 1]]) == [[-1269, -240]]


def test_one_bit_has_no_zero_whether_said_or_not() -> None:
    assert Dense([[1, -1]], 1) == Dense([[1, -1]], 1, zero_free=True)
    assert Dense([[1, -1]], 1).zero_free


@pytest.mark.parametrize(
    ("weight", "bits", "words"),
    [
        ([[0, 1]], 2, r"weights from 0 to 1 leave the 2-bit grid \+-3, odd"),
        ([[2, 1]], 4, r"leave the 4-bit grid \+-15, odd"),
        ([[5]], 2, r"weights from 5 to 5 leave the 2-bit grid"),
        ([[-257]], 8, r"leave the 8-bit grid \+-255, odd"),
        ([[1]], 3, "weight_bits 3 is not one of"),
    ],
)
def test_weights_off_the_grid(weight: list[list[int]], bits: int, words: str) -> None:
    for make in (Dense, lambda w, *rest, **options: Conv([w], *rest, **options)):
        with pytest.raises(ModelError, match=words):
            make(weight, bits, zero_free=True)


def test_bounds_of_nine_bit_weights() -> None:
    """255 * [-1, 3] - 255 * [-1, 3]: from -255 - 765 to 765 + 255."""
    proven = prove(Dense([[255, -255]], 8, zero_free=True), signal(2, low=-1, high=3)).output.range
    assert (proven.minimum, proven.maximum) == (-1020, 1020)
