"""Products of activity matrices, scales that change with the step, weights without zero: the reference's integers."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Conv, Dense, Input, MatMul, Membrane, Rescale, Reshape, StepRescale
from tests.factory import attention_like
from tests.targets.tflite.harness import OLDER_BOARDS, TARGET, assert_exact, assert_exact_here, chain, samples

RNG = np.random.default_rng(8)

OPERANDS = {
    # (transpose_a, transpose_b): shapes of the operands for 3 groups of 2 x 5 times 5 x 4
    (False, False): ((6, 5), (15, 4)),
    (True, False): ((15, 2), (15, 4)),
    (False, True): ((6, 5), (12, 5)),
    (True, True): ((15, 2), (12, 5)),
}


def product(op: MatMul, a: tuple[int, int], b: tuple[int, int], low: int, high: int) -> Model:
    """Two linear maps of one input to matrices of these shapes, and their product."""
    size_a, size_b = (int(np.prod(shape)) for shape in (a, b))
    nodes = (
        Node("x", Input((size_a + size_b,), low, high)),
        Node("flat_a", Dense(np.eye(size_a, size_a + size_b, dtype=int)), ("x",)),
        Node("flat_b", Dense(np.eye(size_b, size_a + size_b, size_a, dtype=int)), ("x",)),
        Node("a", Reshape(a), ("flat_a",)),
        Node("b", Reshape(b), ("flat_b",)),
        Node("y", op, ("a", "b")),
        Node("flat", Reshape((24,)), ("y",)),
        Node("scores", Membrane(voltage_decay=4096), ("flat",)),
    )
    return Model("product", nodes, 2)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (-128, 127)])
@pytest.mark.parametrize("turns", OPERANDS)
@pytest.mark.parametrize("board", ["litert", OLDER_BOARDS[0]])
def test_matmul(turns: tuple[bool, bool], low: int, high: int, board: str, tmp_path: Path) -> None:
    """Each half of the input is a factor; at [-128, 127] the second sample is -128 times -128 everywhere."""
    model = product(MatMul(3, *turns), *OPERANDS[turns], low, high)
    assert_exact(model, samples(model, 20), tmp_path, board)


def test_a_matrix_times_itself(tmp_path: Path) -> None:
    nodes = (
        Node("x", Input((2, 4), -128, 127)),
        Node("square", MatMul(transpose_b=True), ("x", "x")),
        Node("flat", Reshape((4,)), ("square",)),
        Node("scores", Membrane(voltage_decay=4096), ("flat",)),
    )
    model = Model("square", nodes, 3)
    assert_exact_here(model, samples(model, 8), tmp_path)


STEP_RESCALES = {
    "a number a step": StepRescale([3, -2, 7], 5, 1),
    "a channel and step": StepRescale(RNG.integers(-50, 50, (4, 3, 1, 1)), RNG.integers(-9, 9, (3, 1, 1)), 3),
    "an element and step": StepRescale(RNG.integers(-50, 50, (2, 3, 4, 5))),
    "a column and step": StepRescale(RNG.integers(-50, 50, (3, 5)), -1, 2),
    "one step": StepRescale([9], shift=2),
    "more steps than a sample has": StepRescale(np.arange(40), 0, 4),
}


@pytest.mark.parametrize("case", STEP_RESCALES)
def test_step_rescale(case: str, tmp_path: Path) -> None:
    model = chain((3, 4, 5), STEP_RESCALES[case], low=-128, high=127, time_steps=6)
    assert_exact_here(model, samples(model, 5), tmp_path)


def test_multipliers_beyond_the_last_step_are_not_stored(tmp_path: Path) -> None:
    short, long = (chain((2,), StepRescale(np.arange(steps)), time_steps=3) for steps in (4, 30_000))
    sizes = []
    for number, model in enumerate((short, long)):
        sizes.append(TARGET.build(model, TARGET.board(), tmp_path / str(number)).main.stat().st_size)
    assert sizes[1] <= sizes[0] < 5000


def odd(bits: int, *shape: int) -> np.ndarray:
    """Every code of the grid without zero as often as any other, both ends included."""
    weight = 2 * RNG.integers(-(1 << bits - 1), 1 << bits - 1, shape) + 1
    weight.flat[:2] = 1 - (1 << bits), (1 << bits) - 1
    return weight


@pytest.mark.parametrize("board", ["litert", OLDER_BOARDS[0]])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (-128, 127)])
@pytest.mark.parametrize(("bits", "groups"), list(itertools.product((1, 2, 4, 8), (1, 2))))
def test_weights_without_zero(bits: int, groups: int, low: int, high: int, board: str, tmp_path: Path) -> None:
    conv = Conv(odd(bits, 4, 4 // groups, 3, 3), bits, 5, padding=(1, 0, 1, 2), groups=groups, zero_free=True)
    dense = Dense(odd(bits, 7, 40), bits, RNG.integers(-9, 9, 7), zero_free=True)
    between = (Rescale(shift=9, low=-128, high=127), Reshape((40,)))
    model = chain((4, 5, 2), conv, *between, dense, low=low, high=high, time_steps=2)
    assert_exact(model, samples(model, 6), tmp_path, board)


@pytest.mark.parametrize("board", ["litert", "litert-variables", *OLDER_BOARDS])
@pytest.mark.parametrize("zero_free_bits", [2, 8])
def test_attention_network(zero_free_bits: int, board: str, tmp_path: Path) -> None:
    model = attention_like(zero_free_bits=zero_free_bits)
    assert_exact(model, samples(model, 20), tmp_path, board)
