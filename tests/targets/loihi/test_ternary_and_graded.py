"""Neurons with ternary, graded or single spikes, scales by step, weights without zero: exact in Lava or refused."""

from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Add,
    Concat,
    Dense,
    GradedLif,
    Input,
    Lif,
    MatMul,
    Membrane,
    RelPsp,
    Reshape,
    StepRescale,
    TernaryLif,
)
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.loihi.network import network_of
from tests.factory import attention_like, ternary_like
from tests.targets.loihi.lava import TARGET, assert_exact, chain, reasons, rules, stock_names

RNG = np.random.default_rng(4)
WEIGHT = RNG.integers(-128, 128, (12, 6))

NEURONS: dict[str, Operator] = {
    "2 bits, to zero": TernaryLif(RNG.integers(1, 9, 12), 300, leak_shift=1, fraction_bits=7, state_bits=2),
    "4 bits, subtract": TernaryLif(1, 200, leak_shift=3, fraction_bits=5, state_bits=4, reset=Reset.SUBTRACT),
    "8 bits, no reset": TernaryLif(-1, 150, leak_shift=2, fraction_bits=2, reset=Reset.NONE),
    "no leak, no fractions": TernaryLif(1, 90, leak_shift=0, fraction_bits=0),
    "thresholds by neuron": TernaryLif(2, RNG.integers(1, 900, 12), leak_shift=15),
    "graded, 2 bits": GradedLif(90, 3, voltage_decay=1000),
    "graded, 4 bits": GradedLif(RNG.integers(10, 90, 12), 15, bias=-7, state_bits=12),
    "one level": GradedLif(200, 1, voltage_decay=4096),
    "one spike": RelPsp(RNG.integers(100, 900, 12)),
}


def side_by_side() -> Model:
    """All of them behind the same synapses; what they emit is multiplied by weights, added up, and read out."""
    nodes = [Node("x", Input((6,), -1, 1)), Node("synapses", Dense(WEIGHT), ("x",))]
    for number, neuron in enumerate(NEURONS.values()):
        nodes.append(Node(f"neuron{number}", neuron, ("synapses",)))
        if number:
            nodes.append(Node(f"joined{number}", Concat(), (nodes[-2].name, f"neuron{number}")))
    weight = 2 * RNG.integers(-128, 128, (9, 12 * len(NEURONS))) + 1
    nodes.append(Node("head", Dense(weight, 8, zero_free=True), (nodes[-1].name,)))
    nodes.append(Node("scores", Membrane(), ("head",)))
    return Model("side_by_side", tuple(nodes), 9)


def test_neurons_are_exact(tmp_path: Path) -> None:
    expected = assert_exact(side_by_side(), tmp_path)
    seen = [set(np.unique(expected.traces[f"neuron{number}"].output)) for number in range(len(NEURONS))]
    assert all(found == {-1, 0, 1} for found in seen[:5])
    assert [max(found) for found in seen[5:]] == [3, 15, 1, 1]


@pytest.mark.parametrize("state_bits", [2, 8])
def test_ternary_network(state_bits: int, tmp_path: Path) -> None:
    assert_exact(ternary_like(state_bits), tmp_path)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_weights_without_zero_on_the_stock_neuron(bits: int, tmp_path: Path) -> None:
    """Odd weights are twice their value with exponent -1; those beyond 127 take two synapses."""
    weight = 2 * RNG.integers(-(1 << bits - 1), 1 << bits - 1, (8, 6)) + 1
    weight[0, :2] = (1 << bits) - 1, 1 - (1 << bits)
    model = chain(
        Input((6,), 0, 1), Dense(weight, bits, zero_free=True), Lif(bits, voltage_decay=512),
        Dense(weight[:3].repeat(2, 1)[:, :8], bits, zero_free=True), Membrane(),
    )  # fmt: skip
    assert [len(connection.synapses) for connection in network_of(model).connections] == [2 if bits == 8 else 1] * 2
    assert stock_names(model) == ["lif2", "membrane4"]
    assert_exact(model, tmp_path, board="loihi2-stock")


def test_scales_that_change_with_the_step(tmp_path: Path) -> None:
    """Two in a row before a neuron, one that is a layer of its own, one more row than a sample has steps."""
    nodes = [
        Node("x", Input((3, 4), -1, 1)),
        Node("twice", StepRescale([3, -5, 7], 1, 1), ("x",)),
        Node("again", StepRescale(RNG.integers(-9, 10, (9, 3, 1))), ("twice",)),
        Node("lif", TernaryLif(1, 20, state_bits=8), ("again",)),
        Node("scaled", StepRescale(RNG.integers(-9, 10, (7, 3, 4)), RNG.integers(-9, 10, (3, 1))), ("lif",)),
        Node("sum", Add(), ("scaled", "x")),
        Node("flat", Reshape((12,)), ("sum",)),
        Node("scores", Membrane(), ("flat",)),
    ]
    model = Model("scaled", tuple(nodes), 6)
    assert [group.name for group in network_of(model).groups] == ["x", "lif", "scaled", "scores"]
    expected = assert_exact(model, tmp_path)
    assert expected.traces["scaled"].states["t"][0, :, 0].tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("neuron", "words"),
    [
        (NEURONS["4 bits, subtract"], "a code of 4 bits and it fires at its threshold; Lava's TernaryLIF keeps 24"),
        (NEURONS["graded, 4 bits"], "its spikes carry up to 15"),
        (NEURONS["one spike"], "its slope, a current, does not decay (Loihi's decays by at least 1/4096 a step)"),
    ],
)
def test_stock_board_refuses_them(neuron: Operator, words: str) -> None:
    model = chain(Input((6,), 0, 1), Dense(WEIGHT), neuron, Membrane())
    assert words in reasons(model)
    assert rules(model) == set() and rules(model, "loihi2-stock") == {"stock-neuron"}


@pytest.mark.parametrize("board", ["lava-sim", "loihi2-stock"])
def test_products_of_activity_are_refused(board: str, tmp_path: Path) -> None:
    model = attention_like()
    products = [node.name for node in model.nodes if isinstance(node.op, MatMul)]
    problems = TARGET.check(model, TARGET.board(board))
    assert [problem.where for problem in problems] == products == ["map", "mix"]
    assert {problem.rule for problem in problems} == {"dynamic-product"}
    assert "the activity of q_lif by that of k_lif" in problems[0].problem
    with pytest.raises(UnsupportedModelError, match="dynamic-product"):
        TARGET.build(model, TARGET.board(board), tmp_path / "bundle")
