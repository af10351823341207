"""Linear operators as matrices give what the operators give."""

import numpy as np
import pytest

from edgesnn.integer import Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Add, Concat, Conv, Dense, Input, Membrane, Rescale, Reshape, SumPool
from edgesnn.targets.loihi.layers import layers_of
from edgesnn.targets.loihi.linear import matrix_of
from tests.targets.loihi.lava import samples_for

RNG = np.random.default_rng(7)


def weights(*shape: int) -> np.ndarray:
    return RNG.integers(-7, 8, shape)


OPERATORS = [
    ((4, 7, 6), Conv(weights(6, 2, 3, 2), bias=weights(6), stride=(2, 1), padding=(1, 0, 2, 1), groups=2)),
    ((3, 9), Conv(weights(4, 3, 3), dilation=(2,), padding=(2, 1))),
    ((2, 8, 8), Conv(weights(2, 1, 3, 3), groups=2, dilation=(2, 3))),
    ((2, 5, 7), SumPool((2, 3), stride=(1, 2), padding=(0, 1, 1, 0))),
    ((2, 9), SumPool((3,))),
    ((11,), Dense(weights(5, 11), bias=weights(5))),
    ((2, 3, 3), Rescale([[[4]], [[-8]]], [[[5]], [[-6]]], shift=2)),
]


@pytest.mark.parametrize(("shape", "op"), OPERATORS, ids=lambda value: getattr(value, "kind", ""))
def test_matrix_is_the_operator(shape: tuple[int, ...], op: Operator) -> None:
    nodes = [Node("x", Input(shape, -5, 9)), Node("op", op, ("x",))]
    model = Model("m", (*nodes, *ending(nodes)), 1)
    x = samples_for(model)[:, 0]
    (expected, _), (matrix, bias) = op.step((x,), ()), matrix_of(model, nodes[1])
    np.testing.assert_array_equal((matrix @ x.reshape(len(x), -1).T).T + bias, expected.reshape(len(x), -1))


def ending(nodes: list[Node]) -> list[Node]:
    """Flattens whatever comes last and reads it out."""
    probe = Model("probe", (*nodes, Node("flat", Reshape(flat_shape(nodes)), (nodes[-1].name,)), READOUT), 1)
    return list(probe.nodes[len(nodes) :])


READOUT = Node("scores", Membrane(), ("flat",))


def flat_shape(nodes: list[Node]) -> tuple[int]:
    signals = {}
    from edgesnn.integer.ranges import node_range

    for node in nodes:
        signals[node.name] = node_range(node, tuple(signals[name] for name in node.inputs), 1).output
    return (signals[nodes[-1].name].size,)


def test_branches_meet_in_one_matrix_a_source() -> None:
    nodes = [
        Node("x", Input((2, 4), -3, 3)),
        Node("pool", SumPool((2,)), ("x",)),
        Node("conv", Conv(weights(3, 2, 2), bias=weights(3)), ("pool",)),
        Node("strided", Conv(weights(3, 2, 2), stride=(3,)), ("x",)),
        Node("sum", Add(), ("conv", "strided")),
        Node("joined", Concat(), ("sum", "strided")),
    ]
    model = Model("m", (*nodes, *ending(nodes)), 1)
    layers = layers_of(model)
    assert [layer.node.name for layer in layers] == ["x", "scores"]
    assert list(layers[1].drive.parts) == ["x"]
    x = samples_for(model)
    from edgesnn.integer import run

    expected = run(model, x).output
    drive = layers[1].drive
    np.testing.assert_array_equal((drive.parts["x"] @ x.reshape(len(x), -1).T).T + drive.offset, expected)
