"""What makes a model: its graph, encoding and metadata; everything else is refused when it is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgesnn.errors import ModelError
from edgesnn.integer import Encoding, Metadata, Model, Node
from edgesnn.integer.ops import (
    Add,
    Concat,
    Conv,
    Dense,
    FirstSpike,
    Input,
    IntegrateFire,
    Lif,
    MaxPool,
    Membrane,
    QuantizedLif,
    Rescale,
    Reshape,
    SpikeCount,
    SumPool,
)
from tests.integer.stepping import prove, signal

X = Node("x", Input((2,), 0, 100))
SCORES = Node("scores", Membrane(), ("x",))


def test_encoding_shifts_and_repeats() -> None:
    """raw 200 with offset 100: 100 >> 1 = 50; raw 99: -1 >> 1 = -1."""
    encoding = Encoding(0, 255, offset=100, shift=1)
    assert encoding.apply(np.array([200, 99])).tolist() == [50, -1]
    model = Model("m", (Node("x", Input((2,), -50, 77)), SCORES), 3, encoding=encoding)
    assert model.encode(np.array([[200, 99]])).tolist() == [[[50, -1]] * 3]


def test_encoding_over_time() -> None:
    model = Model("m", (X, SCORES), 2, encoding=Encoding(0, 100, 0, 0, repeat=False))
    assert model.encode(np.array([[1, 2, 3, 4]])).tolist() == [[[1, 2], [3, 4]]]
    with pytest.raises(ModelError, match="are not samples of 4 values"):
        model.encode(np.array([[1, 2]]))
    with pytest.raises(ModelError, match=r"raw values from 1 to 101 leave \[0, 100\]"):
        model.encode(np.array([[1, 2, 3, 101]]))


@pytest.mark.parametrize("wrong", [{"raw_low": 1, "raw_high": 0}, {"shift": -1}, {"shift": 32}, {"offset": 1 << 40}])
def test_bad_encodings_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ModelError, match="encoding"):
        Encoding(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dt_s": float("nan")},
        {"dt_s": 0.0},
        {"output_unit": float("inf")},
        {"recipe": {"f": object()}},
        {"recipe": {"x": float("nan")}},
        {"recipe": {"set": {1}}},
    ],
)
def test_bad_metadata_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="metadata"):
        Metadata(**wrong)


def test_recipes_are_kept_as_json_keeps_them() -> None:
    assert Metadata(recipe={"a": (1, 2)}) == Metadata(recipe={"a": [1, 2]})


GRAPHS: dict[str, tuple[tuple[Node, ...], str]] = {
    "no input": ((SCORES, X), "its input 'x' is no earlier node"),
    "two inputs": ((X, Node("y", Input((2,), 0, 1)), SCORES), "first node is its only Input"),
    "one node": ((X,), "1 nodes"),
    "no readout": ((X, Node("r", Rescale(), ("x",))), "last node is its only readout"),
    "two readouts": ((X, Node("m", Membrane(), ("x",)), SCORES), "last node is its only readout"),
    "a name twice": ((X, Node("x", Rescale(), ("x",)), SCORES), "two nodes have this name"),
    "a name for C to misread": ((X, Node("Int x;", Rescale(), ("x",)), SCORES), "is not a lower-case identifier"),
    "a node that nobody reads": ((X, Node("r", Rescale(), ("x",)), SCORES), "nothing reads its output"),
    "too few inputs": ((X, Node("sum", Add(), ("x",)), Node("scores", Membrane(), ("sum",))), "1 inputs, not 2"),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_bad_graphs_are_refused(name: str) -> None:
    nodes, words = GRAPHS[name]
    with pytest.raises(ModelError, match=words):
        Model("m", nodes, 1)


@pytest.mark.parametrize("steps", [0, -1, 1 << 21])
def test_bad_numbers_of_steps_are_refused(steps: int) -> None:
    with pytest.raises(ModelError, match="time_steps"):
        Model("m", (X, SCORES), steps)


def test_models_are_equal_by_value() -> None:
    assert Model("m", (X, SCORES), 1) == Model("m", (Node("x", Input((2,), 0, 100)), SCORES), 1)
    assert Model("m", (X, SCORES), 1) != Model("m", (X, Node("scores", Membrane(bias=1), ("x",))), 1)
    assert Dense([[1]], 1) != Dense([[1]], 2)
    assert Lif(threshold=1) != Lif(threshold=[1])
    assert Rescale() != Add()


OPERATORS: dict[str, tuple[Any, str]] = {
    "weights of floats": (lambda: Dense([[0.5]]), "not integers"),
    "weights beyond 8 bits": (lambda: Dense([[128]]), "leave the 8-bit grid"),
    "weights beyond 4 bits": (lambda: Conv([[[-9]]], weight_bits=4), "leave the 4-bit grid"),
    "a zero of one bit": (lambda: Dense([[1, 0]], weight_bits=1), r"leave the 1-bit grid \{-1, \+1\}"),
    "three bits": (lambda: Dense([[1]], weight_bits=3), "weight_bits 3 is not one of"),
    "no weights": (lambda: Dense(np.zeros((0, 4), int)), "holds nothing"),
    "a vector of weights": (lambda: Dense([1, 2]), r"not \(outputs, inputs\)"),
    "a bias too long": (lambda: Dense([[1]], bias=[1, 2]), "bias has shape"),
    "weights beyond 64 bits": (lambda: Dense(np.array([[2**64 - 1]], np.uint64)), "holds values beyond"),
    "a kernel of three axes": (lambda: Conv(np.ones((1, 1, 1, 1, 1), int)), "weight has shape"),
    "groups that do not divide": (lambda: Conv(np.ones((3, 1, 1), int), groups=2), "do not split into 2 groups"),
    "a padding too short": (lambda: Conv([[[1]]], padding=(1,)), "disagree in rank"),
    "a pooling of nothing": (lambda: SumPool(()), "disagree in rank"),
    "a pooling of size zero": (lambda: SumPool((0,)), "must be positive"),
    "a max pool of its own padding": (lambda: MaxPool((2,), padding=(2, 0)), "reaches kernel"),
    "a negative threshold": (lambda: Lif(threshold=-1), "is outside 0"),
    "a threshold beyond the state": (lambda: Lif(threshold=1 << 20), "is outside 0"),
    "no threshold": (lambda: IntegrateFire(threshold=[]), "holds nothing"),
    "a bias beyond 24 bits": (lambda: IntegrateFire(threshold=1, bias=1 << 23), "bias 8388608 is beyond"),
    "a decay beyond one": (lambda: Lif(threshold=1, voltage_decay=4097), "voltage_decay 4097 is outside"),
    "a decay below zero": (lambda: Membrane(voltage_decay=-1), "voltage_decay -1 is outside"),
    "fraction bits beyond 16": (lambda: Lif(threshold=1, fraction_bits=17), "fraction_bits 17"),
    "a state of one bit": (lambda: IntegrateFire(threshold=1, state_bits=1), "state_bits 1"),
    "a state of 25 bits": (lambda: Lif(threshold=1, state_bits=25), "state_bits 25"),
    "a reset that is none of the three": (lambda: Lif(threshold=1, reset=3), "reset 3 is unknown"),
    "three bits of potential": (lambda: QuantizedLif([0] * 7, [0], 0, 1, 3), "state_bits 3 is not 2, 4 or 8"),
    "a leak table too short": (lambda: QuantizedLif([0], [0], 0, 1, 2), "leak_table has shape"),
    "a leak beyond 16 bits": (lambda: QuantizedLif([0, 0, 1 << 15], [0], 0, 1, 2), "leaves 16 bits"),
    "codes beyond their width": (lambda: QuantizedLif([0] * 3, [2], 0, 1, 2), "code_table leaves"),
    "a code table beyond reach": (lambda: QuantizedLif([0] * 3, [0], 1 << 23, 1, 2), "beyond 24 bits"),
    "a shift beyond 30": (lambda: Rescale(shift=31), "shift 31"),
    "an empty clip range": (lambda: Rescale(low=1, high=0), "is empty"),
    "a horizon of zero": (lambda: FirstSpike(0), "horizon 0"),
    "a shape of four axes": (lambda: Reshape((1, 1, 1, 1)), "is not"),
    "an input beyond int8": (lambda: Input((1,), 0, 128), "is not within int8"),
    "an input without shape": (lambda: Input((), 0, 1), "is not"),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_bad_attributes_are_refused(name: str) -> None:
    make, words = OPERATORS[name]
    with pytest.raises(ModelError, match=words):
        make()


CONNECTIONS: dict[str, tuple[Any, tuple[Any, ...], str]] = {
    "dense of another size": (Dense([[1, 1]]), (signal(3),), "its weights want"),
    "dense of an image": (Dense([[1, 1]]), (signal(1, 2),), "its weights want"),
    "conv of other channels": (Conv([[[1]]]), (signal(2, 4),), "want 1 channels"),
    "conv of another rank": (Conv([[[1]]]), (signal(1, 2, 2),), "1 spatial axes"),
    "a window that does not fit": (Conv([[[1, 1, 1]]]), (signal(1, 2),), "does not fit in 2"),
    "padding of gigabytes": (SumPool((2, 2), padding=(3000,) * 4), (signal(1, 2, 2),), "Pad less"),
    "a pool of another rank": (SumPool((2,)), (signal(1, 2, 2),), "its kernel wants 1 spatial axes"),
    "a max of graded values": (MaxPool((1,)), (signal(1, 2, high=3),), "is graded, not spikes"),
    "a count of graded values": (SpikeCount(), (signal(2, high=3),), "is graded, not spikes"),
    "a count of an image": (SpikeCount(), (signal(1, 2),), "Flatten the input first"),
    "a sum of two shapes": (Add(), (signal(2), signal(3)), "differ"),
    "channels of two sizes": (Concat(), (signal(1, 2), signal(1, 3)), "differ beyond the channels"),
    "a reshape of other elements": (Reshape((5,)), (signal(2, 3),), "has 6 elements"),
    "a threshold of another shape": (Lif(threshold=[1, 2, 3]), (signal(2),), "does not broadcast"),
    "a threshold that enlarges": (IntegrateFire(threshold=[[1], [2]]), (signal(2),), "does not broadcast"),
    "a multiplier of another shape": (Rescale([1, 2, 3]), (signal(2),), "does not broadcast"),
    "an image of gigabytes": (Conv([[[1]]] * 5000, padding=(500, 500)), (signal(1, 1),), "exceeds 4194304 elements"),
}


@pytest.mark.parametrize("name", CONNECTIONS)
def test_bad_connections_are_refused(name: str) -> None:
    op, inputs, words = CONNECTIONS[name]
    with pytest.raises(ModelError, match=words):
        prove(op, *inputs)
