"""Products of activity: heads within words, odd widths, every transpose and type; generated C == interpreter."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Model, Node, ops
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Input, IntegrateFire, MatMul, Membrane, Rescale, Reshape, TernaryLif
from edgesnn.targets.mcu.codegen.emit.matmul import WORD_BY_WORD
from tests.factory import attention_like
from tests.targets.mcu.harness import assert_all_exact, random_input

LENGTH = 70
FIRES, TERNARY, SCALED = IntegrateFire(1), TernaryLif(16, 30, 2, 4, 4), Rescale(1, 0, 0, -128, 127)


def product(name: str, op: MatMul, rows: int, inner: int, columns: int, left: Operator, right: Operator) -> Model:
    """Two signals made of one input by random convolutions, and their product: sizes of each group as multiplied."""
    rng = np.random.default_rng(rows + inner)
    x_shape = (inner, rows) if op.transpose_a else (rows, inner)
    z_shape = (columns, inner) if op.transpose_b else (inner, columns)
    nodes = [Node("image", Input((1, LENGTH), -3, 3))]
    for side, (channels, length), neuron in (("x", x_shape, left), ("z", z_shape, right)):
        weight = rng.integers(-2, 2, (op.groups * channels, 1, LENGTH + 1 - length))
        nodes += [Node(f"{side}_conv", Conv(weight, 2), ("image",)), Node(side, neuron, (f"{side}_conv",))]
    nodes += [Node("product", op, ("x", "z")), Node("flat", Reshape((op.groups * rows * columns,)), ("product",))]
    return Model(name, (*nodes, Node("scores", Membrane(), ("flat",))), 2)


SIZES = [(1, 1, 1, 1), (1, 5, 31, 3), (2, 7, 16, 9), (3, 7, 11, 12), (1, 70, 12, 3), (1, 33, 32, 4), (2, 9, 33, 6),
         (2, 32, 40, 3), (1, 6, 64, 5), (3, 5, 39, 4)]  # fmt: skip
TRANSPOSES = list(itertools.product([False, True], repeat=2))


@pytest.mark.parametrize(("transpose_a", "transpose_b"), TRANSPOSES)
def test_spikes(tmp_path: Path, transpose_a: bool, transpose_b: bool) -> None:
    """Slices of channels that start, end and lie within words, with tails to be masked."""
    cases = []
    for groups, rows, inner, columns in SIZES:
        op = MatMul(groups, transpose_a, transpose_b)
        model = product(f"m{groups}_{rows}_{inner}", op, rows, inner, columns, FIRES, FIRES)
        cases.append((model, random_input(model, 3)))
    used = assert_all_exact(cases, tmp_path)
    for (_, _, inner, _), kernels in zip(SIZES, used.values(), strict=True):
        by_words = transpose_a and not transpose_b and inner >= WORD_BY_WORD
        assert f"esnn_matmul_{'counts' if by_words else 'events'}_i16" in kernels


@pytest.mark.parametrize(("transpose_a", "transpose_b"), TRANSPOSES)
def test_other_values(tmp_path: Path, transpose_a: bool, transpose_b: bool) -> None:
    """Graded and ternary factors, and spikes beside them, as int8."""
    cases = []
    for left, right in [(SCALED, SCALED), (FIRES, SCALED), (SCALED, FIRES), (TERNARY, FIRES), (TERNARY, TERNARY)]:
        op = MatMul(2, transpose_a, transpose_b)
        model = product(f"m{len(cases)}", op, 7, 11, 5, left, right)
        cases.append((model, random_input(model, 3)))
    used = assert_all_exact(cases, tmp_path)
    assert all(any(kernel.startswith("esnn_matmul_i8_") for kernel in kernels) for kernels in used.values())


@pytest.mark.parametrize("transpose_a", [False, True])
def test_sums_beyond_16_bits(tmp_path: Path, transpose_a: bool) -> None:
    """Counts up to 33,000 of a long summed axis, and products of int8 that add up to more."""
    long = 33_000
    shape = (long, 1) if transpose_a else (1, long)
    op = MatMul(1, transpose_a, not transpose_a)
    cases = []
    for low, high in [(0, 1), (-128, 127)]:
        nodes = (
            Node("x", Input(shape, low, high)), Node("y", op, ("x", "x")), Node("flat", Reshape((1,)), ("y",)),
            Node("scores", Membrane(), ("flat",)),
        )  # fmt: skip
        model = Model(f"m{len(cases)}", nodes, 1)
        cases.append((model, np.full((1, 1, *shape), high)))
    used = set().union(*assert_all_exact(cases, tmp_path).values())
    assert {f"esnn_matmul_{'counts' if transpose_a else 'events'}_i32", "esnn_matmul_i8_i32"} <= used


def test_orders_of_attention_differ(tmp_path: Path) -> None:
    """(Q^T K) V and Q (K^T V) are two networks once the map between them is binary, and both are exact."""
    scores = attention_like()
    x = random_input(scores, 4)
    kept = ("map", "map_lif", "mix")
    order = [node for node in scores.nodes if node.name not in kept]
    at = next(i for i, node in enumerate(order) if node.name == "scaled")
    fires = scores.by_name["map_lif"].op
    turned = [
        Node("map", ops.MatMul(2, transpose_b=True), ("k_lif", "v_lif")),
        Node("map_lif", fires, ("map",)),
        Node("mix", ops.MatMul(2, transpose_a=True), ("map_lif", "q_lif")),
    ]
    linear = scores.replace(name="linear", nodes=(*order[:at], *turned, *order[at:]))
    assert_all_exact([(scores, x), (linear, x)], tmp_path)
