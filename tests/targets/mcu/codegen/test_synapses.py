"""Dense layers and convolutions: every kernel, attribute and awkward size, generated C == interpreter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Membrane, Reshape
from tests.targets.mcu.chain import chain, headed, spikes, weights
from tests.targets.mcu.harness import assert_all_exact, assert_exact, random_input


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_dense_of_spikes(tmp_path: Path, bits: int) -> None:
    cases = []
    for inputs, outputs in [(1, 1), (33, 10), (70, 37), (64, 64)]:
        bias = np.arange(outputs) - 3 if outputs != 10 else 0
        dense = Dense(weights(inputs, bits, outputs, inputs), bits, bias)
        model = chain(f"dense_{inputs}_{outputs}", spikes(inputs), dense, Membrane())
        cases.append((model, random_input(model, 3)))
    used = assert_all_exact(cases, tmp_path)
    assert all(f"esnn_conv_bits_w{1 if bits == 1 else 8}_i16" in kernels for kernels in used.values())


@pytest.mark.parametrize("bits", [1, 8])
def test_dense_of_more_spikes_than_one_flush_holds(tmp_path: Path, bits: int) -> None:
    model = chain("m", spikes(700), Dense(weights(1, bits, 35, 700), bits, 5), Membrane(), time_steps=2)
    x = np.ones((2, 2, 700), np.int64)
    x[1] = random_input(model, 1)[0]
    assert_exact(model, x, tmp_path)


def test_lanes_and_counters_at_their_limit(tmp_path: Path) -> None:
    """One flush of rows of the largest weights is the most that a 16-bit lane or a bit-sliced counter has to hold."""
    cases = []
    for value, bits in [(127, 8), (-128, 8), (1, 1), (-1, 1)]:
        model = chain(
            f"limit_{len(cases)}", spikes(300), Dense(np.full((40, 300), value), bits), Membrane(), time_steps=1
        )
        cases.append((model, np.ones((1, 1, 300), np.int64)))
    assert_all_exact(cases, tmp_path)


@pytest.mark.parametrize("bits", [1, 8])
def test_wide_accumulators_of_spikes(tmp_path: Path, bits: int) -> None:
    model = chain("m", spikes(40), Dense(weights(2, bits, 36, 40), bits, 100_000), Membrane())
    generated = assert_exact(model, random_input(model, 2), tmp_path)
    assert {f"esnn_conv_bits_w{bits}_i32", "esnn_membrane_i32"} <= set(generated.layout.kernels)


def test_dense_of_graded_input(tmp_path: Path) -> None:
    cases = []
    for low, high in [(-128, 127), (0, 127), (3, 5), (-1, 1)]:
        for outputs in (3, 8, 21):
            dense = Dense(weights(3, 8, outputs, 90), 8, np.arange(outputs) * 7)
            model = chain(f"dense_{len(cases)}", Input((90,), low, high), dense, Membrane())
            cases.append((model, random_input(model, 3)))
    kernels = set().union(*assert_all_exact(cases, tmp_path).values())
    assert {"esnn_conv_i8_w8_i16", "esnn_conv_i8_w8_i32"} <= kernels


CONVOLUTIONS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "plain": ((16, 9, 7), {"weight": (32, 16, 3, 3)}),
    "padded": ((16, 6, 6), {"weight": (32, 16, 3, 3), "padding": (1, 1, 1, 1)}),
    "asymmetric": ((3, 7, 5), {"weight": (5, 3, 3, 2), "padding": (2, 0, 1, 1)}),
    "strided": ((20, 9, 11), {"weight": (33, 20, 3, 5), "stride": (2, 3), "padding": (1, 2, 1, 2)}),
    "dilated": ((4, 11, 12), {"weight": (6, 4, 3, 3), "dilation": (2, 3), "padding": (2, 3, 2, 3)}),
    "groups": ((12, 5, 5), {"weight": (9, 4, 3, 3), "groups": 3, "padding": (1, 1, 1, 1)}),
    "depthwise": ((40, 5, 4), {"weight": (40, 1, 3, 3), "groups": 40, "padding": (1, 1, 1, 1)}),
    "wide_groups": ((70, 3, 3), {"weight": (66, 35, 2, 2), "groups": 2}),
    "word": ((32, 4, 4), {"weight": (64, 32, 3, 3), "padding": (1, 1, 1, 1)}),
    "two_words": ((64, 4, 4), {"weight": (32, 64, 3, 3), "padding": (1, 1, 1, 1)}),
    "ragged_words": ((45, 4, 4), {"weight": (50, 45, 2, 3), "padding": (0, 1, 1, 1)}),
    "mostly_padding": ((3, 1, 1), {"weight": (4, 3, 1, 1), "padding": (2, 2, 2, 2)}),
    "pointwise": ((33, 4, 3), {"weight": (17, 33, 1, 1)}),
    "sequence": ((6, 19), {"weight": (10, 3, 4), "stride": (2,), "padding": (3, 1), "dilation": (2,), "groups": 2}),
}


def convolution(name: str, bits: int, source: Input) -> Model:
    """Input, one convolution with bias, non-leaky neurons, head."""
    options = CONVOLUTIONS[name][1]
    shape = options["weight"]
    bias = np.arange(shape[0]) - 2
    conv = Conv(**{**options, "weight": weights(7, bits, *shape), "weight_bits": bits, "bias": bias})
    return headed(name, source, conv, IntegrateFire(threshold=40, state_bits=24), time_steps=2)


@pytest.mark.parametrize("bits", [1, 8])
def test_conv_of_spikes(tmp_path: Path, bits: int) -> None:
    models = [convolution(name, bits, spikes(*shape)) for name, (shape, _) in CONVOLUTIONS.items()]
    assert_all_exact([(model, random_input(model, 2, density=0.4)) for model in models], tmp_path)


def test_conv_of_graded_input(tmp_path: Path) -> None:
    models = [convolution(name, 8, Input(shape, -128, 127)) for name, (shape, _) in CONVOLUTIONS.items()]
    assert_all_exact([(model, random_input(model, 2, density=0.7)) for model in models], tmp_path)


def test_dense_reads_through_a_reshape(tmp_path: Path) -> None:
    """Flattening costs nothing: the dense layer's weights are printed in the order that the memory has."""
    dense = Dense(weights(9, 8, 6, 60), 8)
    model = chain("m", spikes(5, 3, 4), IntegrateFire(threshold=1), Reshape((60,)), dense, Membrane())
    generated = assert_exact(model, random_input(model, 3), tmp_path)
    assert not [kernel for kernel in generated.layout.kernels if "reshape" in kernel]
