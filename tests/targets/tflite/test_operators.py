"""Each operator in many shapes and attributes: the interpreter gives the reference's integers, all nodes, all steps."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Array, Model, Node
from edgesnn.integer.operator import Operator
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
    RelPsp,
    Rescale,
    Reshape,
    SpikeCount,
    SumPool,
)
from edgesnn.integer.ops.fire import Reset
from tests.targets.tflite.harness import OLDER_BOARDS, assert_exact, assert_exact_here, chain, running, samples

RNG = np.random.default_rng(5)


def weights(*shape: int) -> Array:
    return RNG.integers(-128, 128, shape)


CONVOLUTIONS = {
    "1x1": ((3, 5, 7), Conv(weights(4, 3, 1, 1))),
    "3x3": ((2, 5, 7), Conv(weights(3, 2, 3, 3), padding=(1, 1, 1, 1))),
    "one-sided padding": ((2, 4, 3), Conv(weights(3, 2, 2, 3), padding=(0, 2, 1, 0))),
    "stride beyond kernel": ((1, 9, 7), Conv(weights(2, 1, 2, 2), stride=(3, 4))),
    "unequal stride and dilation": ((2, 9, 8), Conv(weights(2, 2, 3, 2), stride=(2, 1), dilation=(2, 3))),
    "whole image": ((3, 4, 5), Conv(weights(6, 3, 4, 5), bias=weights(6) * 1000)),
    "groups": ((6, 5, 4), Conv(weights(4, 3, 3, 3), groups=2, padding=(1, 0, 0, 1), bias=weights(4))),
    "depthwise": ((5, 4, 4), Conv(weights(10, 1, 2, 2), groups=5)),
    "one bit": ((4, 6, 6), Conv(RNG.choice([-1, 1], (8, 4, 3, 3)), 1, padding=(1, 1, 1, 1), stride=(2, 2))),
    "line": ((3, 11), Conv(weights(4, 3, 3), padding=(2, 1))),
    "line, groups, stride, dilation": ((4, 13), Conv(weights(6, 2, 3), groups=2, stride=(2,), dilation=(3,), bias=7)),
    "single place": ((1, 1, 1), Conv(weights(1, 1, 1, 1))),
    "mostly padding": ((1, 1, 1), Conv(weights(2, 1, 3, 3), padding=(2, 2, 2, 2))),
}


@pytest.mark.parametrize("case", CONVOLUTIONS)
@pytest.mark.parametrize(("low", "high"), [(0, 1), (-128, 127)])
def test_conv(case: str, low: int, high: int, tmp_path: Path) -> None:
    shape, conv = CONVOLUTIONS[case]
    model = chain(shape, conv, low=low, high=high, time_steps=2)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("board", ["litert", OLDER_BOARDS[0]])
@pytest.mark.parametrize("inputs", [1, 7, 64, 1000])
def test_dense_at_the_ends_of_int8(inputs: int, board: str, tmp_path: Path) -> None:
    weight = weights(9, inputs)
    weight[0], weight[1] = -128, 127
    model = chain((inputs,), Dense(weight, bias=weights(9) * 100_000), low=-128, high=127, time_steps=2)
    assert_exact(model, samples(model, 6), tmp_path, board)


DECAYS = (0, 1, 2048, 4095, 4096)


@pytest.mark.parametrize(("current", "voltage"), list(itertools.product(DECAYS, DECAYS)))
def test_lif_decays(current: int, voltage: int, tmp_path: Path) -> None:
    lif = Lif(
        RNG.integers(0, 4000, 5),
        RNG.integers(-99, 99, 5),
        current_decay=current,
        voltage_decay=voltage,
        fraction_bits=6,
    )
    model = chain((8,), Dense(weights(5, 8)), lif, low=-1, high=3, time_steps=5)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize("strict", [True, False])
def test_lif_resets(reset: Reset, strict: bool, tmp_path: Path) -> None:
    """Small integers, so that potential and threshold are often equal."""
    lif = Lif(
        [[[2]], [[0]]], [[[0]], [[1]]], voltage_decay=1024, fraction_bits=0, strict=strict, reset=reset, state_bits=4
    )
    model = chain((2, 3, 5), lif, low=-2, high=2, time_steps=12)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("fraction_bits", [0, 3, 8])
@pytest.mark.parametrize("state_bits", [2, 8, 9, 16])
def test_lif_saturates(fraction_bits: int, state_bits: int, tmp_path: Path) -> None:
    lif = Lif(100, 5000, voltage_decay=10, fraction_bits=fraction_bits, reset=Reset.NONE, state_bits=state_bits)
    model = chain((2,), Dense(weights(6, 2)), lif, low=-128, high=127, time_steps=4)
    assert_exact_here(model, samples(model, 6), tmp_path)


def test_lif_gives_lavas_published_current(tmp_path: Path) -> None:
    """Lava's du = 2047 is current_decay 2048: one input of 128 gives u = 8192, 4096, ..., 64."""
    lif = Lif((1 << 17) - 1, current_decay=2048, voltage_decay=0)
    model = chain((1,), lif, low=0, high=127, time_steps=8).replace(streaming=False)
    x = np.zeros((1, 8, 1), np.int64)
    x[0, 0] = 64
    with running(model, tmp_path) as session:
        u = session.trace(x, ["n0"]).traces["n0"].states["u"]
    assert u[0, :, 0].tolist() == [4096, 2048, 1024, 512, 256, 128, 64, 32]


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize("state_bits", [3, 8, 16, 24])
def test_integrate_fire(reset: Reset, state_bits: int, tmp_path: Path) -> None:
    neuron = IntegrateFire(3, [[-1], [0], [2]], strict=state_bits > 8, reset=reset, state_bits=state_bits)
    model = chain((3, 7), Rescale(1 << 10 if state_bits > 16 else 1), neuron, low=-4, high=4, time_steps=10)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("state_bits", [2, 4, 8])
def test_quantized_lif(state_bits: int, strict: bool, tmp_path: Path) -> None:
    q = (1 << state_bits - 1) - 1
    neuron = QuantizedLif(
        leak_table=RNG.integers(-60, 60, 2 * q + 1),
        code_table=RNG.integers(-q, q + 1, 50),
        code_low=-30,
        threshold=RNG.integers(0, 30, (3, 1, 1)),
        state_bits=state_bits,
        strict=strict,
    )
    model = chain((3, 4, 5), neuron, low=-40, high=40, time_steps=8)
    assert_exact_here(model, samples(model, 6), tmp_path)


def test_quantized_lif_of_input_beyond_every_table(tmp_path: Path) -> None:
    neuron = QuantizedLif([-1, 0, 1], [1, -1], code_low=3, threshold=(1 << 23) - 1, state_bits=2)
    model = chain((2,), Rescale(16_000_000), neuron, low=-128, high=127, time_steps=3)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("board", ["litert", "litert-variables", OLDER_BOARDS[0]])
def test_rel_psp(board: str, tmp_path: Path) -> None:
    """Neurons that fire at once, late and never, by channel; slopes of both signs."""
    neuron = RelPsp([[[1]], [[40]], [[9000]]])
    model = chain((3, 4, 5), neuron, low=-3, high=9, time_steps=12)
    assert_exact(model, samples(model, 6), tmp_path, board)


WINDOWS = {
    "square": ((3, 6, 5), (2, 2), (), ()),
    "overlapping, padded": ((2, 7, 5), (3, 2), (2, 1), (1, 0, 2, 1)),
    "gaps": ((1, 9, 9), (2, 2), (4, 3), ()),
    "whole": ((4, 3, 3), (3, 3), (), ()),
    "line": ((2, 9), (3,), (2,), (1, 2)),
    "line, odd": ((3, 7), (2,), (), ()),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_max_pool(case: str, tmp_path: Path) -> None:
    shape, *window = WINDOWS[case]
    model = chain(shape, MaxPool(*window))
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("case", WINDOWS)
def test_sum_pool(case: str, tmp_path: Path) -> None:
    shape, *window = WINDOWS[case]
    model = chain(shape, SumPool(*window), low=-128, high=127)
    assert_exact_here(model, samples(model, 6), tmp_path)


RESCALES = {
    "identity": Rescale(),
    "rounds down": Rescale(3, 2, 2),
    "negative a channel": Rescale([[[-7]], [[5]], [[0]]], [[[1]], [[-1]], [[9]]], 3),
    "an element": Rescale(weights(3, 4, 5), weights(3, 4, 5), 1),
    "a row": Rescale(weights(4, 1)),
    "clips": Rescale(10, -3, 1, low=-100, high=99),
    "clips to one value": Rescale(low=4, high=4),
    "offset only": Rescale(offset=17),
    "largest shift": Rescale(1 << 23, -1, 30),
}


@pytest.mark.parametrize("case", RESCALES)
def test_rescale(case: str, tmp_path: Path) -> None:
    model = chain((3, 4, 5), RESCALES[case], low=-128, high=127)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("shapes", [((2, 3, 4), (4, 6)), ((24,), (2, 3, 4)), ((4, 6), (2, 12)), ((1, 3, 8), (3, 8, 1))])
def test_reshape(shapes: tuple[tuple[int, ...], tuple[int, ...]], tmp_path: Path) -> None:
    """A convolution behind it, so that the order of elements matters."""
    shape, new = shapes
    model = chain(shape, Reshape(new), Conv(weights(3, *new[:1], *(1,) * (len(new) - 1))), low=-9, high=9)
    assert_exact_here(model, samples(model, 6), tmp_path)


def joined(op: Operator, left: Operator, right: Operator, shape: tuple[int, ...], outputs: int) -> Model:
    nodes = (
        Node("x", Input(shape, -20, 20)),
        Node("a", left, ("x",)),
        Node("b", right, ("x",)),
        Node("both", op, ("a", "b")),
        Node("flat", Reshape((outputs,)), ("both",)),
        Node("scores", Membrane(voltage_decay=1000), ("flat",)),
    )
    return Model("joined", nodes, 5)


@pytest.mark.parametrize("shape", [(6,), (2, 5), (2, 3, 4)])
def test_add_and_concat(shape: tuple[int, ...], tmp_path: Path) -> None:
    """Spikes with spikes, spikes with sums, and sums with sums."""
    size = int(np.prod(shape))
    fire, scale = IntegrateFire(9), Rescale(3)
    for number, (left, right) in enumerate([(fire, Lif(900)), (fire, scale), (scale, scale)]):
        for op, outputs in ((Add(), size), (Concat(), 2 * size)):
            model = joined(op, left, right, shape, outputs)
            assert_exact_here(model, samples(model, 5), tmp_path / f"{op.kind}{number}")


@pytest.mark.parametrize("board", ["litert", OLDER_BOARDS[0]])
def test_a_sum_that_is_read_again_after_its_copy_is_changed(board: str, tmp_path: Path) -> None:
    """Interpreters would write the product over the sum, which shares memory with its reshaped self."""
    nodes = (
        Node("x", Input((4,), 0, 99)),
        Node("sum", Rescale(5, 3), ("x",)),
        Node("same", Reshape((4,)), ("sum",)),
        Node("product", Rescale(3), ("same",)),
        Node("late", Concat(), ("product", "sum")),
        Node("scores", Membrane(), ("late",)),
    )
    model = Model("shared", nodes, 2)
    assert_exact(model, samples(model, 4), tmp_path, board)


def test_one_node_read_twice(tmp_path: Path) -> None:
    nodes = (
        Node("x", Input((3,), 0, 1)),
        Node("twice", Add(), ("x", "x")),
        Node("pair", Concat(), ("twice", "x")),
        Node("scores", Membrane(), ("pair",)),
    )
    model = Model("twice", nodes, 3)
    assert_exact_here(model, samples(model, 4), tmp_path)


@pytest.mark.parametrize(
    "readout",
    [
        SpikeCount(),
        FirstSpike(1),
        FirstSpike(4),
        FirstSpike(100),
        Membrane(weights(7), 300, 5),
        Membrane(voltage_decay=4096, fraction_bits=16),
    ],
    ids=str,
)
def test_readouts(readout: Operator, tmp_path: Path) -> None:
    nodes = (Node("x", Input((7,), 0, 1)), Node("fire", IntegrateFire(2), ("x",)), Node("scores", readout, ("fire",)))
    model = Model("readout", nodes, 9)
    assert_exact_here(model, samples(model, 6), tmp_path)


def test_membrane_of_32_bits(tmp_path: Path) -> None:
    """The decay's product has 43 bits."""
    model = Model(
        "wide",
        (
            Node("x", Input((2,), -128, 127)),
            Node("big", Rescale(1 << 22), ("x",)),
            Node("scores", Membrane([5, -5], 1), ("big",)),
        ),
        3,
    )
    assert_exact_here(model, samples(model, 8), tmp_path)
