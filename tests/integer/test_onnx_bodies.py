"""What an operator's ONNX body computes, at the values where it could differ: below zero, at halves, at both ends."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from edgesnn.compare import first_difference
from edgesnn.integer import Model, Node, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Conv,
    Dense,
    GradedLif,
    Input,
    MatMul,
    Membrane,
    RelPsp,
    Reshape,
    StepRescale,
    TernaryLif,
)
from edgesnn.integer.ops.fire import Reset
from tests import onnx_runtime

STEPS = 5
ODD = [255, -255, 1, -1, 127, -129, 3, 253]

BODIES: dict[str, Operator] = {
    **{
        f"ternary, {bits} bits, {fraction} fractions, {reset.name.lower()}": TernaryLif(
            [[3], [-5]], [[60], [90]], leak_shift=fraction, fraction_bits=fraction, state_bits=bits, reset=reset
        )
        for bits, fraction, reset in itertools.product((2, 4, 8), (0, 1, 4), Reset)
    },
    "graded, with bias and decay": GradedLif([[20], [7]], 3, bias=[[-3], [2]], voltage_decay=1000, state_bits=9),
    "graded, one level": GradedLif(50, 1, voltage_decay=4096),
    "one spike": RelPsp([[20], [7]]),
    "scale by step and channel": StepRescale([[[3], [-5]], [[7], [1]], [[-1], [0]]], [[-1], [6]], 2),
    "scale by step": StepRescale([5, -3], shift=4),
    "scale by step and element": StepRescale(np.arange(-8, 8).reshape(2, 2, 4), shift=1),
    "odd weights": Conv(np.array(ODD).reshape(2, 2, 2), 8, bias=[5, -5], padding=(1, 0), zero_free=True),
    "odd weights by group": Conv(np.array(ODD).reshape(4, 1, 2), 8, groups=2, zero_free=True),
}  # fmt: skip


def exact(model: Model) -> None:
    """All values of the range for every element, in a random order, besides both ends."""
    op = model.input_op
    x = np.random.default_rng(0).integers(op.low, op.high, (300, STEPS, *op.shape), endpoint=True)
    x[0], x[1] = op.low, op.high
    names = [node.name for node in model.nodes]
    assert first_difference(run(model, x, names), onnx_runtime.run(model, x, names)) is None


def flat(nodes: list[Node], size: int) -> Model:
    nodes += [
        Node("flat", Reshape((size,)), (nodes[-1].name,)),
        Node("scores", Membrane(voltage_decay=4096), ("flat",)),
    ]
    return Model("bodies", tuple(nodes), STEPS)


@pytest.mark.parametrize("name", BODIES)
def test_body(name: str) -> None:
    op = BODIES[name]
    outputs = 4 * 3 if name == "odd weights by group" else 2 * 4
    exact(flat([Node("x", Input((2, 4), -40, 40)), Node("op", op, ("x",))], outputs))


@pytest.mark.parametrize(("turn_a", "turn_b"), list(itertools.product((False, True), repeat=2)))
@pytest.mark.parametrize("groups", [1, 3])
def test_matmul_body(groups: int, turn_a: bool, turn_b: bool) -> None:
    """2 x 3 times 3 x 4, by group; each factor is made of the input by weights of its own."""
    a = (groups * 3, 2) if turn_a else (groups * 2, 3)
    b = (groups * 4, 3) if turn_b else (groups * 3, 4)
    nodes, rng = [Node("x", Input((5,), -3, 3))], np.random.default_rng(1)
    for name, shape in (("a", a), ("b", b)):
        nodes.append(Node(f"{name}_flat", Dense(rng.integers(-2, 2, (shape[0] * shape[1], 5)), 2), ("x",)))
        nodes.append(Node(name, Reshape(shape), (f"{name}_flat",)))
    nodes.append(Node("op", MatMul(groups, turn_a, turn_b), ("a", "b")))
    exact(flat(nodes, groups * 2 * 4))
