"""Kernels on a processor core, whose own forms the host does not run: emulated core == interpreter, in every layer."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Array, Model, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Lif, Membrane
from edgesnn.integer.ops.fire import Reset
from tests.targets.mcu.chain import (
    FORMS,
    PAIR_SHAPES,
    chain,
    fan,
    paired_input,
    paired_neurons,
    rescaled_neurons,
    small_windows,
    synapses,
)
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.harness import random_input

BOARDS = ("mps2-an386",)
VECTOR_BOARD = "mps3-an547"
PAIR_BOARDS = ("mps2-an386", "unicorn-m4", "mps3-an547")
SOURCES = {"bits": (0, 1), "ternary": (-1, 1), "int8": (-7, 7)}
SHAPE = (20, 5, 7)

VECTOR_FORMS = {"bits": ("8", "4", "2"), "ternary": ("8zf", "2"), "int8": ("8",)}
"""Grids of weights that cores with vectors have kernels of their own for, by the inputs."""

Layers = list[tuple[str, Operator]]


def convolutions(form: str) -> Layers:
    """Windows that share a list and windows that do not; whole words of outputs and remainders; biases; groups."""

    def conv(outputs: int, inputs: int = 20, kernel: int = 3, seed: int = 0, **attributes: object) -> Conv:
        return Conv(**synapses(form, seed, outputs, inputs, kernel, kernel), **attributes)  # type: ignore[arg-type]

    return [
        ("words", conv(64, padding=(1, 1, 1, 1))),
        ("rest", conv(37, padding=(0, 2, 2, 1), stride=(1, 2), bias=np.arange(37) - 18)),
        ("gaps", conv(32, kernel=1, stride=(2, 3), seed=1)),
        ("dilated", conv(16, dilation=(2, 2), seed=2)),
        ("grouped", conv(24, inputs=5, groups=4, padding=(1, 1, 1, 1), seed=3)),
        ("large", conv(32, kernel=5, padding=(2, 2, 2, 2), bias=np.arange(32) - 9, seed=4)),
    ]


def dense_layers(form: str) -> Layers:
    inputs = int(np.prod(SHAPE))
    return [
        ("dense", Dense(**synapses(form, 5, 64, inputs))),
        ("dense_rest", Dense(**synapses(form, 6, 45, inputs), bias=np.arange(45) - 7)),
    ]


def wide_layers(form: str) -> Layers:
    """More outputs than vectors hold at once, on windows that share a list and on all inputs."""
    inputs = int(np.prod(SHAPE))
    return [
        ("wide", Conv(**synapses(form, 7, 144, 20, 2, 3), padding=(1, 1, 0, 1), bias=np.arange(144) - 70)),
        ("dense_wide", Dense(**synapses(form, 8, 176, inputs))),
    ]


def neurons(channels: int) -> dict[str, list[Operator]]:
    """Leaky neurons and others that are driven by a convolution itself."""
    rng = np.random.default_rng(channels)
    each = {"threshold": rng.integers(5, 60, (channels, 1, 1)), "bias": rng.integers(-9, 9, (channels, 4, 5))}
    kinds: dict[str, Operator] = {
        "zero": Lif(20, voltage_decay=100, fraction_bits=0),
        "clipped": Lif(100, voltage_decay=1000, fraction_bits=0, state_bits=8, reset=Reset.SUBTRACT),
        "none": Lif(20, voltage_decay=1000, fraction_bits=0, reset=Reset.NONE),
        "biased": Lif(20, -3, voltage_decay=1000, fraction_bits=0, strict=False, reset=Reset.SUBTRACT),
        "fraction": Lif(20, 5, voltage_decay=3000, state_bits=16, reset=Reset.SUBTRACT),
        "each": Lif(**each, voltage_decay=500, fraction_bits=0, reset=Reset.SUBTRACT),
        "keep": IntegrateFire(50, reset=Reset.SUBTRACT),
    }
    return {
        name: [Conv(**synapses("4", i, channels, 3, 3, 3), padding=(1, 1, 1, 1)), neuron]
        for i, (name, neuron) in enumerate(kinds.items())
    }


def layers_on(source: str, form: str) -> Model:
    """All layers side by side on one input, neurons behind them."""
    x = Input(SHAPE, *SOURCES[source])
    branches: dict[str, list[Operator]] = {
        name: [op, IntegrateFire(20)] for name, op in (*convolutions(form), *dense_layers(form))
    }
    return fan(f"fan_{source}_{form}", x, branches, time_steps=1)


def inputs(model: Model) -> Array:
    """Nothing, all of either sign, few and many."""
    low, high = model.input_op.low, model.input_op.high
    rng = np.random.default_rng(0)
    some = [np.where(rng.random(SHAPE) < rate, rng.integers(low, high + 1, SHAPE), 0) for rate in (0.1, 0.4, 0.9)]
    return np.stack([np.zeros(SHAPE, np.int64), np.full(SHAPE, high), np.full(SHAPE, low), *some])[:, None]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("board", BOARDS)
def test_synapses(tmp_path: Path, board: str, source: str, form: str) -> None:
    model = layers_on(source, form)
    assert_equal(model, inputs(model), board, tmp_path)


@pytest.mark.parametrize("board", [*BOARDS, "unicorn-m4"])
def test_windows_far_along_a_line(tmp_path: Path, board: str) -> None:
    """Rows of weights count from where the line's first window would have them: for the last ones that is below address
    0 on boards whose flash begins there."""
    conv = Conv(**synapses("8", 3, 32, 32, 3, 3), padding=(1, 1, 1, 1))
    model = fan("line", Input((32, 3, 60), 0, 1), {"conv": [conv, IntegrateFire(20)]}, time_steps=1)
    line = int(np.prod((60, 32, 32)))
    assert TARGET.board(board).facts["memory"]["flash_origin"] + 30_000 < line
    assert_equal(model, random_input(model, 3, density=0.1), board, tmp_path)


@pytest.mark.parametrize("board", BOARDS)
def test_inputs_in_pairs(tmp_path: Path, board: str) -> None:
    model = small_windows()[0]
    x = random_input(model, 3, density=0.7)
    x[0], x[1] = model.input_op.high, model.input_op.low
    assert_equal(model, x, board, tmp_path, prefer="speed")


@pytest.mark.parametrize("channels", [36, 37])
@pytest.mark.parametrize("board", BOARDS)
def test_neurons(tmp_path: Path, board: str, channels: int) -> None:
    """Neurons of all kinds that rescale their input; in pairs and one by one."""
    model = fan(f"neurons_{channels}", Input((3, 4, 5), 0, 1), rescaled_neurons(channels), time_steps=4)
    x = random_input(model, 3)
    x[0], x[1] = 0, 1
    assert_equal(model, x, board, tmp_path)


@pytest.mark.parametrize("board", [*BOARDS, VECTOR_BOARD])
def test_neurons_at_the_ends_of_16_bits(tmp_path: Path, board: str) -> None:
    """Without a leak, potentials saturate at +-32767; some steps later they have come back from there and fire."""
    weight = np.repeat([[127, -127], [-127, 127], [127, 127], [-127, -127], [126, -127]], 100, axis=1)
    model = chain(
        "ends", Input((200,), 0, 1), Dense(np.tile(weight, (8, 1))[:37]), IntegrateFire(32_000),
        Dense(np.ones((2, 37), int)), Membrane(), time_steps=12,
    )  # fmt: skip
    halves = np.random.default_rng(0).integers(0, 2, (6, 12, 2, 1)).repeat(100, axis=3).reshape(6, 12, 200)
    halves[0], halves[1, :6, :100], halves[1, :6, 100:], halves[1, 6:, :100], halves[1, 6:, 100:] = 1, 1, 0, 0, 1
    states = run(model, halves, record=["n2"]).traces["n2"].states["v"]
    assert states.min() == -32767
    assert states.max() > 30_000
    assert_equal(model, halves, board, tmp_path)


@pytest.mark.parametrize("board", PAIR_BOARDS)
@pytest.mark.parametrize("shape", PAIR_SHAPES)
def test_neurons_in_pairs(tmp_path: Path, shape: tuple[int, int, int], board: str) -> None:
    """Every decay and reset, up to both ends of 16 bits."""
    model = paired_neurons(shape, time_steps=12)
    assert_equal(model, paired_input(model), board, tmp_path)


@pytest.mark.parametrize("source", SOURCES)
def test_synapses_in_vectors(tmp_path: Path, source: str) -> None:
    """In one model, because a build costs more than its layers."""
    branches: dict[str, list[Operator]] = {
        f"{name}_{form}": [op, IntegrateFire(20)]
        for form in VECTOR_FORMS[source]
        for name, op in (*convolutions(form)[:5], *dense_layers(form)[1:], *wide_layers(form))
    }
    model = fan(f"vectors_{source}", Input(SHAPE, *SOURCES[source]), branches, time_steps=1)
    assert_equal(model, inputs(model), VECTOR_BOARD, tmp_path)


def test_neurons_in_vectors(tmp_path: Path) -> None:
    """A whole word of spikes, a vector beside it, and less than one."""
    model = fan("neurons_in_vectors", Input((3, 4, 5), 0, 1), neurons(32 + 8 + 3), time_steps=4)
    x = random_input(model, 3)
    x[0], x[1] = 0, 1
    assert_equal(model, x, VECTOR_BOARD, tmp_path)


def assert_equal(model: Model, x: Array, name: str, folder: Path, prefer: str = "flash") -> None:
    expected = run(model, x, record=[node.name for node in model.nodes])
    board = TARGET.board(name)
    board = dataclasses.replace(board, facts={**board.facts, "prefer": prefer})
    with TARGET.open(TARGET.build(model, board, folder / "build")) as session:
        assert session.first_difference(x, expected) == (0, None)
