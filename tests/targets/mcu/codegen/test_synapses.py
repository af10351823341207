"""Dense layers and convolutions: every kernel, attribute and awkward size, generated C == interpreter."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgesnn.integer import Array, Encoding, Metadata, Model
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Membrane, Reshape
from edgesnn.targets.mcu.codegen import generate
from tests.targets.mcu.chain import (
    FORMS,
    chain,
    graded,
    headed,
    small_windows,
    spikes,
    synapses,
    ternary_spikes,
    weights,
)
from tests.targets.mcu.harness import assert_all_exact, assert_exact, random_input

Source = Callable[..., Input]
SOURCES: dict[str, Source] = {"bits": spikes, "ternary": ternary_spikes, "i8": graded}


@pytest.mark.parametrize("source", SOURCES)
def test_dense(tmp_path: Path, source: str) -> None:
    """Sizes that end within a byte, within a word, and on one; with biases and without."""
    cases, kernels = [], {}
    for form, (inputs, outputs) in itertools.product(FORMS, [(1, 1), (33, 10), (70, 37), (64, 64)]):
        bias = np.arange(outputs) - 3 if outputs != 10 else 0
        dense = Dense(**synapses(form, inputs, outputs, inputs), bias=bias)
        model = chain(f"dense_{form}_{inputs}_{outputs}", SOURCES[source](inputs), dense, Membrane())
        cases.append((model, random_input(model, 3)))
        kernels[model.name] = f"esnn_conv_{source}_{FORMS[form][0]}_i"
    used = assert_all_exact(cases, tmp_path)
    for name, kernel in kernels.items():
        assert any(other.startswith(kernel) for other in used[name]), name


@pytest.mark.parametrize("source", SOURCES)
def test_dense_of_more_than_one_flush_holds(tmp_path: Path, source: str) -> None:
    cases = []
    for form in FORMS:
        dense = Dense(**synapses(form, 1, 35, 700), bias=5)
        model = chain(f"m{form}", SOURCES[source](700), dense, Membrane(), time_steps=2)
        x = np.full((3, 2, 700), model.input_op.high)
        x[1] = random_input(model, 1)[0]
        x[2] = model.input_op.low
        cases.append((model, x))
    assert_all_exact(cases, tmp_path)


EXTREMES = [(127, 8, 0), (-128, 8, 0), (255, 8, 1), (-255, 8, 1), (7, 4, 0), (-8, 4, 0), (15, 4, 1), (-15, 4, 1),
            (1, 2, 0), (-2, 2, 0), (3, 2, 1), (-3, 2, 1), (1, 1, 1), (-1, 1, 1)]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_lanes_and_counters_at_their_limit(tmp_path: Path, source: str) -> None:
    """One flush of rows of the largest weights is the most that a 16-bit lane or a bit-sliced counter has to hold."""
    cases = []
    for value, bits, zero_free in EXTREMES:
        dense = Dense(np.full((41, 300), value), bits, zero_free=zero_free)
        model = chain(f"limit_{len(cases)}", SOURCES[source](300), dense, Membrane(), time_steps=1)
        low, high = model.input_op.low, model.input_op.high
        x = np.stack([np.full((1, 300), high), np.full((1, 300), low), np.resize([high, low], (1, 300))])
        cases.append((model, x))
    assert_all_exact(cases, tmp_path)


@pytest.mark.parametrize("source", SOURCES)
def test_wide_accumulators(tmp_path: Path, source: str) -> None:
    cases = []
    for form in FORMS:
        model = chain(f"m{form}", SOURCES[source](40), Dense(**synapses(form, 2, 38, 40), bias=100_000), Membrane())
        cases.append((model, random_input(model, 2)))
    used = assert_all_exact(cases, tmp_path)
    for form, kernels in zip(FORMS.values(), used.values(), strict=True):
        assert {f"esnn_conv_{source}_{form[0]}_i32", "esnn_membrane_i32"} <= kernels


def test_biases_modulo_the_sum(tmp_path: Path) -> None:
    """A bias may leave 16 bits where the sum, proven for inputs that are never silent, does not."""
    dense = Dense(np.full((3, 9), -128), 8, bias=[33_000, 40_000, 32_767 + 9 * 128])
    model = chain("m", Input((9,), 10, 10), dense, Membrane())
    for prefer, form in (("flash", "w8"), ("speed", "p16")):
        generated = assert_exact(model, random_input(model, 2), tmp_path, prefer)
        assert f"esnn_conv_i8_{form}_i16" in generated.layout.kernels


def all_inputs(values: list[int], count: int) -> Array:
    """Every input of `count` such values, a sample of one step each."""
    return np.array(list(itertools.product(values, repeat=count)))[:, None, :]


def test_every_ternary_input(tmp_path: Path) -> None:
    """All 3^8 inputs: the kernels == the integer matrix product."""
    cases = []
    for form in FORMS:
        dense = Dense(**synapses(form, 8, 13, 8))
        model = chain(f"m{form}", ternary_spikes(8), dense, Membrane(), time_steps=1)
        cases.append((model, all_inputs([-1, 0, 1], 8)))
        (product, _) = dense.step((cases[-1][1][:, 0],), ())
        assert (product == cases[-1][1][:, 0] @ dense.weight.T).all()
    assert_all_exact(cases, tmp_path)


@pytest.mark.parametrize(("bits", "inputs"), [(1, 6), (2, 3), (4, 2), (8, 1)])
def test_every_weight_without_zero(tmp_path: Path, bits: int, inputs: int) -> None:
    """All tuples of weights times all inputs: the kernels == sum m S == 2 sum q S - (2^b - 1) popcount(S)."""
    largest = (1 << bits) - 1
    odd = list(range(-largest, largest + 1, 2))
    weight = np.array(list(itertools.product(odd, repeat=inputs)))
    model = chain("m", spikes(inputs), Dense(weight, bits, zero_free=True), Membrane(), time_steps=1)
    x = all_inputs([0, 1], inputs)
    assert_exact(model, x, tmp_path)
    s = x[:, 0]
    assert (s @ weight.T == 2 * (s @ ((weight + largest) // 2).T) - largest * s.sum(1, keepdims=True)).all()


@pytest.mark.parametrize("source", SOURCES)
def test_every_number_of_five_ternary_weights(tmp_path: Path, source: str) -> None:
    weight = np.array(list(itertools.product([-1, 0, 1], repeat=5))).reshape(-1, 1)
    model = chain("m", SOURCES[source](1), Dense(weight, 2), Membrane(), time_steps=1)
    values = list(range(model.input_op.low, model.input_op.high + 1))
    generated = assert_exact(model, all_inputs(values, 1), tmp_path)
    assert generated.layout.by_name["n1"].synapse_bytes == 243 + 3  # and three bytes that may be read


CONVOLUTIONS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "plain": ((16, 9, 7), {"weight": (32, 16, 3, 3)}),
    "padded": ((16, 6, 6), {"weight": (32, 16, 3, 3), "padding": (1, 1, 1, 1)}),
    "asymmetric": ((3, 7, 5), {"weight": (5, 3, 3, 2), "padding": (2, 0, 1, 1)}),
    "strided": ((20, 9, 11), {"weight": (33, 20, 3, 5), "stride": (2, 3), "padding": (1, 2, 1, 2)}),
    "dilated": ((4, 11, 12), {"weight": (6, 4, 3, 3), "dilation": (2, 3), "padding": (2, 3, 2, 3)}),
    "groups": ((12, 5, 5), {"weight": (9, 4, 3, 3), "groups": 3, "padding": (1, 1, 1, 1)}),
    "depthwise": ((40, 5, 4), {"weight": (40, 1, 3, 3), "groups": 40, "padding": (1, 1, 1, 1)}),
    "multiplied": ((6, 5, 4), {"weight": (78, 1, 3, 3), "groups": 6}),
    "wide_groups": ((70, 3, 3), {"weight": (66, 35, 2, 2), "groups": 2}),
    "word": ((32, 4, 4), {"weight": (64, 32, 3, 3), "padding": (1, 1, 1, 1)}),
    "two_words": ((64, 4, 4), {"weight": (32, 64, 3, 3), "padding": (1, 1, 1, 1)}),
    "ragged_words": ((45, 4, 4), {"weight": (50, 45, 2, 3), "padding": (0, 1, 1, 1)}),
    "mostly_padding": ((3, 1, 1), {"weight": (4, 3, 1, 1), "padding": (2, 2, 2, 2)}),
    "pointwise": ((33, 4, 3), {"weight": (17, 33, 1, 1)}),
    "sequence": ((6, 19), {"weight": (10, 3, 4), "stride": (2,), "padding": (3, 1), "dilation": (2,), "groups": 2}),
}
FORMS_EACH = 3
"""Forms of weights for each convolution and kind of input: another three of them each time."""


def convolution(name: str, form: str, source: Source) -> Model:
    """Input, one convolution with bias, non-leaky neurons, head."""
    shape, options = CONVOLUTIONS[name]
    outputs = options["weight"][0]
    conv = Conv(**{**options, **synapses(form, 7, *options["weight"]), "bias": np.arange(outputs) - 2})
    neuron = IntegrateFire(threshold=40, state_bits=24)
    return headed(f"{name}_{form}", source(*shape), conv, neuron, time_steps=2)


@pytest.mark.parametrize("source", SOURCES)
def test_conv(tmp_path: Path, source: str) -> None:
    start = 3 * list(SOURCES).index(source)
    forms = list(FORMS)
    models = [
        convolution(name, forms[(start + i + j) % len(forms)], SOURCES[source])
        for i, name in enumerate(CONVOLUTIONS)
        for j in range(FORMS_EACH)
    ]
    assert_all_exact([(model, random_input(model, 2, density=0.4)) for model in models], tmp_path)


def test_inputs_in_pairs(tmp_path: Path) -> None:
    """Small windows of int8 inputs: nothing, all of either sign, and some."""
    cases = []
    for model in small_windows():
        x = random_input(model, 5, density=0.7)
        x[0], x[1], x[2] = 0, model.input_op.high, model.input_op.low
        cases.append((model, x))
    used = assert_all_exact(cases, tmp_path, prefer="speed")
    kernels = set.union(*used.values())
    assert {"esnn_conv_i8_p16_i16", "esnn_conv_i8_p16_i32"} <= kernels
    assert not any("_i8_w8_" in kernel for kernel in kernels)


def test_whether_all_inputs_are_multiplied() -> None:
    """Where windows lie in three words, and where samples of the task, if there are any, are active enough."""
    image, mnist = graded(1, 28, 28), {"encoding": Encoding(shift=1), "metadata": Metadata(task="mnist")}
    few, many, long, five = (
        (outputs, 1, *kernel) for outputs, *kernel in ((4, 3, 3), (400, 3, 3), (4, 1, 13), (4, 4, 1))
    )
    chosen = {
        name: generate(
            headed(name, source, Conv(**synapses("8", 0, *shape), **options), IntegrateFire(9), **known), prefer
        )
        for name, source, shape, options, known, prefer in (
            ("few", image, few, {}, mnist, "speed"),
            ("many", image, many, {}, mnist, "speed"),
            ("small", image, few, {}, mnist, "flash"),
            ("unknown", image, many, {}, {}, "speed"),
            ("long", image, long, {}, {}, "speed"),
            ("four_lines", image, five, {}, {}, "speed"),
            ("apart", image, few, {"dilation": (1, 2)}, {}, "speed"),
            ("groups", graded(2, 6, 6), few, {"groups": 2}, {}, "speed"),
        )
    }
    in_pairs = {name for name, made in chosen.items() if "esnn_conv_i8_p16_i32" in made.layout.kernels}
    assert in_pairs == {"few", "unknown"}
    layout = chosen["few"].layout.by_name["n1"]
    assert (layout.weight_form, layout.synapse_bytes) == ("16 bits in pairs, every input multiplied", 4 * 24)


@st.composite
def random_convolutions(draw: st.DrawFn, count: int = 10) -> list[Model]:
    """Convolutions of small random sizes over all grids and kinds of input."""
    models = []
    for i in range(count):
        source = SOURCES[draw(st.sampled_from(sorted(SOURCES)))]
        form, groups = draw(st.sampled_from(sorted(FORMS))), draw(st.integers(1, 3))
        inputs, outputs = draw(st.integers(1, 23)), draw(st.integers(1, 23))
        kernel = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        options = synapses(form, i, groups * outputs, inputs, *kernel)
        stride = (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
        padding = tuple(draw(st.integers(0, 2)) for _ in range(4))
        bias = draw(st.sampled_from([0, 1, -70_000]))
        conv = Conv(**options, groups=groups, stride=stride, padding=padding, bias=bias)
        shape = (groups * inputs, draw(st.integers(3, 6)), draw(st.integers(3, 6)))
        models.append(headed(f"m{i}_{form}", source(*shape), conv, IntegrateFire(9), time_steps=2))
    return models


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(random_convolutions())
def test_random_convolutions(tmp_path_factory: pytest.TempPathFactory, models: list[Model]) -> None:
    cases = [(model, random_input(model, 2, density=0.5)) for model in models]
    assert_all_exact(cases, tmp_path_factory.mktemp("random"))


@pytest.mark.parametrize("source", SOURCES)
def test_two_bits_where_speed_is_preferred(tmp_path: Path, source: str) -> None:
    """The same network; its ternary weights take 2 bits instead of 1.6."""
    model = chain("m", SOURCES[source](50), Dense(**synapses("ternary", 3, 40, 50)), Membrane())
    generated = assert_exact(model, random_input(model, 3), tmp_path, prefer="speed")
    assert f"esnn_conv_{source}_w2_i16" in generated.layout.kernels
    assert generated.layout.by_name["n1"].synapse_bytes == 40 * 50 * 2 // 8 + 3


def test_dense_reads_through_a_reshape(tmp_path: Path) -> None:
    """Flattening costs nothing: the dense layer's weights are printed in the order that the memory has."""
    dense = Dense(weights(9, 8, 6, 60), 8)
    model = chain("m", spikes(5, 3, 4), IntegrateFire(threshold=1), Reshape((60,)), dense, Membrane())
    generated = assert_exact(model, random_input(model, 3), tmp_path)
    assert not [kernel for kernel in generated.layout.kernels if "reshape" in kernel]
