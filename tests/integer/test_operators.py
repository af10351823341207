"""Golden vectors of synapses, pooling, joins, rescaling and readouts, each short enough to check by hand."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import decide
from edgesnn.integer.ops import (
    Add,
    Concat,
    Conv,
    Dense,
    FirstSpike,
    Input,
    MaxPool,
    Membrane,
    Rescale,
    Reshape,
    SpikeCount,
    SumPool,
)
from tests.integer.stepping import apply, run_op


def test_input_passes_through() -> None:
    assert apply(Input((2,), -3, 3), [-3, 3]) == [-3, 3]


def test_dense() -> None:
    """1*1 - 2*2 + 3*3 + 10 = 16; the second row: 4 + 10 - 18 = -4."""
    assert apply(Dense([[1, -2, 3], [4, 5, -6]], bias=[10, 0]), [1, 2, 3]) == [16, -4]


def test_conv_is_cross_correlation() -> None:
    """Kernel [1, 2, 3] is not flipped: at 1, 0, 0 it gives 1; a true convolution would give 3."""
    assert apply(Conv([[[1, 2, 3]]]), [[1, 0, 0]]) == [[1]]
    assert apply(Conv([[[1, 2, 3]]], padding=(2, 0)), [[1, 0, 0]]) == [[3, 2, 1]]


def test_conv_with_everything() -> None:
    """Two groups of one channel, kernel 2 dilated by 2, stride 2, one zero in front: windows at (-1, 1) and (1, 3).
    Group 0: 1*x[-1] - 1*x[1] = -2, x[1] - x[3] = 2 - 4 = -2. Group 1: 3*x[1] + 7 = 67, 2*20 + 3*40 + 7 = 167."""
    conv = Conv([[[1, -1]], [[2, 3]]], stride=(2,), padding=(1, 0), dilation=(2,), groups=2, bias=[0, 7])
    assert apply(conv, [[1, 2, 3, 4], [10, 20, 30, 40]]) == [[-2, -2], [67, 167]]


def test_conv_in_two_dimensions() -> None:
    """[[1, 2], [3, 4]] over [[1, 1, 0], [0, 1, 1]]: 1 + 2 + 0 + 4 = 7 and 1 + 0 + 3 + 4 = 8."""
    assert apply(Conv([[[[1, 2], [3, 4]]]]), [[[1, 1, 0], [0, 1, 1]]]) == [[[7, 8]]]


def test_conv_drops_what_a_stride_does_not_reach() -> None:
    """Width 5, kernel 2, stride 2: windows at 0 and 2; the last element is in none."""
    assert apply(Conv([[[1, 1]]], stride=(2,)), [[1, 2, 3, 4, 100]]) == [[3, 7]]


def test_sum_pool() -> None:
    """Windows of 2 with stride 1 and a zero at the end; values may be negative."""
    assert apply(SumPool((2,), stride=(1,), padding=(0, 1)), [[1, -5, 2]]) == [[-4, -3, 2]]


def test_max_pool_is_or() -> None:
    assert apply(MaxPool((2, 2)), [[[0, 0, 1, 0], [0, 0, 0, 1]]]) == [[[0, 1]]]
    assert apply(MaxPool((2,), stride=(2,), padding=(1, 1)), [[1, 0, 0, 0]]) == [[1, 0, 0]]


def test_joins() -> None:
    assert apply(Add(), [[1, -2], [3, 4]]) == [4, 2]
    assert apply(Concat(), [[[1, 2]], [[3, 4], [5, 6]]]) == [[1, 2], [3, 4], [5, 6]]


def test_reshape_is_row_major() -> None:
    assert apply(Reshape((3, 2)), [[1, 2, 3], [4, 5, 6]]) == [[1, 2], [3, 4], [5, 6]]


def test_rescale_rounds_down() -> None:
    """x / 4, arithmetic shift: -1 >> 2 = -1, -4 >> 2 = -1, -5 >> 2 = -2."""
    assert apply(Rescale(shift=2), [-5, -4, -1, 0, 3, 4]) == [-2, -1, -1, 0, 0, 1]


def test_rescale_rounds_half_up_with_an_offset_of_half() -> None:
    """(x + 2) >> 2: 2 is half and goes up, -2 is half and goes up to 0, -3 goes down."""
    assert apply(Rescale(offset=2, shift=2), [-3, -2, 1, 2]) == [-1, 0, 0, 1]


def test_rescale_multiplies_then_adds_then_shifts_then_clips() -> None:
    """(10 * -3 + 5) >> 1 = -25 >> 1 = -13, clipped at -12; (-10 * -3 + 5) >> 1 = 17; channels have their own factor."""
    assert apply(Rescale(-3, 5, 1, low=-12), [10, -10]) == [-12, 17]
    assert apply(Rescale([[2], [-1]], [[0], [1]]), [[1, 2], [3, 4]]) == [[2, 4], [-2, -3]]


def test_spike_count() -> None:
    assert run_op(SpikeCount(), [[1, 0], [1, 1], [0, 0]], [0, 0])[0] == [[1, 0], [2, 1], [2, 1]]


def test_first_spike() -> None:
    """horizon 3: a spike at t = 0 scores 3, at 1 scores 2; later ones change nothing; at t = 3 a spike scores 0."""
    seen, states = run_op(FirstSpike(3), [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], [0, 0, 0], [0])
    assert seen == [[3, 0, 0], [3, 2, 0], [3, 2, 0], [3, 2, 0], [3, 2, 0]]
    assert [t for _, (t,) in states] == [1, 2, 3, 3, 3]


def test_membrane() -> None:
    """Half forgotten, input shifted by 1, bias 1: 0 + 6 + 1 = 7; 3 + 0 + 1 = 4; decay(-5) = -2, - 2 + 1 = -3."""
    membrane = Membrane(bias=1, voltage_decay=2048, fraction_bits=1)
    assert run_op(membrane, [[3], [0]], [0])[0] == [[7], [4]]
    assert run_op(membrane, [[-1]], [-5])[0] == [[-3]]


def test_decision_is_the_largest_and_the_lowest_index_of_equals() -> None:
    assert decide(np.array([[1, 3, 3], [0, 0, 0], [-5, -7, -5]])).tolist() == [1, 0, 0]
