"""Spiking neurons: every kernel and attribute, generated C == interpreter."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgesnn.integer import Model, Node, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Add,
    Conv,
    Dense,
    GradedLif,
    Input,
    IntegrateFire,
    Lif,
    Membrane,
    QuantizedLif,
    RelPsp,
    Rescale,
    Reshape,
    TernaryLif,
)
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.mcu.codegen.generate import emitted
from tests.factory import quantized_lif
from tests.targets.mcu.chain import (
    PAIR_DECAYS,
    PAIR_SHAPES,
    coded,
    fan,
    headed,
    paired_input,
    paired_neurons,
    rescaled_neurons,
    synapses,
)
from tests.targets.mcu.harness import assert_all_exact, assert_exact, execute, random_input

PER_NEURON = np.arange(37) * 3 + 60


def model_of(name: str, neuron: Operator, gain: int = 1) -> Model:
    """Graded input of 37 values, scaled by `gain`, into the neurons."""
    return headed(name, Input((37,), -100, 127), Rescale(multiplier=gain), neuron, time_steps=6)


def check(tmp_path: Path, models: list[Model], kernels: list[str]) -> None:
    """Every model is exact and uses its kernel."""
    used = assert_all_exact([(model, random_input(model, 4)) for model in models], tmp_path)
    for model, kernel in zip(models, kernels, strict=True):
        assert kernel in used[model.name]


def test_lif_resets(tmp_path: Path) -> None:
    models = []
    for reset, strict in itertools.product(Reset, (False, True)):
        neuron = Lif(PER_NEURON, PER_NEURON - 90, voltage_decay=1234, fraction_bits=0, strict=strict, reset=reset)
        models.append(model_of(f"lif_{reset.name.lower()}_{int(strict)}", neuron))
    check(tmp_path, models, ["esnn_lif_i16_s16"] * len(models))


def kernels_of(model: Model) -> dict[str, str]:
    """The kernel of each leaky or non-leaky neuron, by its branch."""
    calls = [(model.nodes[call.node], call.kernel) for call in emitted(model).calls]
    return {node.name.removesuffix("_1"): kernel for node, kernel in calls if isinstance(node.op, Lif)}


@pytest.mark.parametrize("shape", PAIR_SHAPES)
def test_neurons_in_pairs(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    """What goes in pairs on some cores is the same where it does not."""
    model = paired_neurons(shape, time_steps=12)
    assert_exact(model, paired_input(model), tmp_path)


def test_who_goes_in_pairs() -> None:
    """All whose potentials stay within 16 bits and their limit, and that share a threshold: a gain of one more is too
    much. Kernels of their own have those without bias and fraction that a spike resets to 0."""
    kernels = kernels_of(paired_neurons((37, 1, 3), time_steps=12))
    one_by_one = {branch for branch, kernel in kernels.items() if kernel.endswith("_s16")}
    assert one_by_one == {"limited", "limited_early", "limited_slow", "each"}
    plain = {decay: kernels[f"zero_{decay}"] for decay in PAIR_DECAYS}
    assert plain[0] == "esnn_integrate_simple_i16_p16" and plain[2048] == "esnn_lif_half_i16_p16"
    assert {plain[decay] for decay in (1, 64, 512, 1000, 2047)} == {"esnn_lif_most_i16_p16"}
    assert {plain[decay] for decay in (2049, 3000, 4096 - 512, 4095, 4096)} == {"esnn_lif_i16_p16"}
    for branch in ("none", "subtract", "biased", "fraction", "fractional"):
        assert kernels[f"{branch}_0"] == "esnn_integrate_i16_p16"
        assert {kernels[f"{branch}_{decay}"] for decay in PAIR_DECAYS[1:]} == {"esnn_lif_i16_p16"}


LIF_TYPES: list[tuple[int, dict[str, Any], str]] = [
    (1, {"fraction_bits": 0}, "esnn_lif_i16_s16"),
    (200, {"fraction_bits": 3}, "esnn_lif_i16_s32"),
    (1000, {"fraction_bits": 3}, "esnn_lif_i32_s32"),
    (4000, {"fraction_bits": 4, "state_bits": 16}, "esnn_lif_i32_s32"),
    (4000, {"fraction_bits": 4, "state_bits": 16, "threshold": 2000}, "esnn_lif_i32_s16"),
    (1, {"fraction_bits": 2, "current_decay": 700}, "esnn_lif_current_i16_s16"),
    (100, {"fraction_bits": 6, "current_decay": 700}, "esnn_lif_current_i16_s32"),
    (1000, {"fraction_bits": 3, "current_decay": 700}, "esnn_lif_current_i32_s32"),
    (10, {"fraction_bits": 6, "current_decay": 0, "voltage_decay": 4096}, "esnn_lif_current_i16_s32"),
    (10, {"fraction_bits": 1, "voltage_decay": 0}, "esnn_integrate_i16_s16"),
]


def test_lif_types(tmp_path: Path) -> None:
    """States and parameters have one type: the narrowest that holds both."""
    models = [
        model_of(f"lif_{i}", Lif(**({"threshold": 90 * gain, "bias": gain, "voltage_decay": 2048} | options)), gain)
        for i, (gain, options, _) in enumerate(LIF_TYPES)
    ]
    check(tmp_path, models, [kernel for *_, kernel in LIF_TYPES])


INTEGRATE_TYPES = [
    (1, 10, "esnn_integrate_i16_s16"),
    (200, 24, "esnn_integrate_i16_s32"),
    (10_000_000, 10, "esnn_integrate_i32_s16"),
    (10_000_000, 24, "esnn_integrate_i32_s32"),
]


def test_integrate_fire(tmp_path: Path) -> None:
    models = [
        model_of(f"integrate_{i}", IntegrateFire(PER_NEURON, -5, strict=i == 1, state_bits=bits), gain)
        for i, (gain, bits, _) in enumerate(INTEGRATE_TYPES)
    ]
    check(tmp_path, models, [kernel for *_, kernel in INTEGRATE_TYPES])


def test_quantized_lif(tmp_path: Path) -> None:
    """37 neurons: codes of 2 and 4 bits end within a byte."""
    cases = list(itertools.product((2, 4, 8), (2, 10_000)))
    models = [model_of(f"code_{bits}_{gain}", quantized_lif(bits), gain) for bits, gain in cases]
    check(tmp_path, models, [f"esnn_quantized_lif_i{16 if gain == 2 else 32}_c{bits}" for bits, gain in cases])


def test_quantized_lif_tables(tmp_path: Path) -> None:
    """Tables that end before, at and beyond thresholds, one a neuron; or that lie far from every potential."""
    models = []
    for bits, (low, strict) in itertools.product(
        (2, 4, 8), [(-50, True), (40, False), (-4_000_000, False), (4_000_000, False), (60 - 130, False)]
    ):
        q = (1 << bits - 1) - 1
        rng = np.random.default_rng(bits)
        leak, code = rng.integers(-60, 60, 2 * q + 1), rng.integers(-q, q + 1, 130)
        models.append(model_of(f"table_{len(models)}", QuantizedLif(leak, code, low, PER_NEURON, bits, strict)))
    assert_all_exact([(model, random_input(model, 4)) for model in models], tmp_path)


REL_PSP_TYPES = [
    (1, PER_NEURON, "esnn_rel_psp_i16_s16"),
    (1, 40_000, "esnn_rel_psp_i16_s32"),
    (200, 200 * PER_NEURON, "esnn_rel_psp_i16_s32"),
    (10_000, 900_000, "esnn_rel_psp_i32_s32"),
]


def test_rel_psp(tmp_path: Path) -> None:
    """States and thresholds have one type; neurons that fire stop, others go on."""
    models = [model_of(f"once_{i}", RelPsp(theta), gain) for i, (gain, theta, _) in enumerate(REL_PSP_TYPES)]
    check(tmp_path, models, [kernel for *_, kernel in REL_PSP_TYPES])
    spikes = run(models[0], random_input(models[0], 4), record=["n2"]).traces["n2"].output
    assert spikes.sum(1).max() == 1 and 0.2 < spikes.sum(1).mean() < 0.8


def test_rel_psp_thresholds_spread(tmp_path: Path) -> None:
    """One a channel and one an element, in two dimensions; 34 channels take two words a position."""
    rng = np.random.default_rng(0)
    models = [
        headed(f"spread_{i}", Input((34, 2, 3), -3, 9), RelPsp(rng.integers(1, 90, shape)), time_steps=6)
        for i, shape in enumerate([(34, 1, 1), (34, 2, 3)])
    ]
    assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)


@pytest.mark.parametrize("channels", [32, 37])
def test_rescaled_on_the_way_in(tmp_path: Path, channels: int) -> None:
    """A rescale that is left to the neurons behind it has no output; everything else is as in the interpreter."""
    branches = rescaled_neurons(channels)
    model = fan("m", Input((3, 4, 5), 0, 1), branches, time_steps=4)
    x = random_input(model, 3)
    x[0], x[1] = 0, 1
    layout = assert_exact(model, x, tmp_path).layout
    kernels = {"esnn_lif_r16_s16", "esnn_lif_r16_s32", *(f"esnn_quantized_lif_r16_c{bits}" for bits in (2, 4, 8))}
    assert kernels <= set(layout.kernels)
    assert [name for name, node in layout.by_name.items() if node.place == "fused"] == [f"{b}_1" for b in branches]


def test_who_rescales(tmp_path: Path) -> None:
    """Neurons rescale only where all of it fits 16 bits, nothing is clipped, and nobody else reads the result; those
    with codes where one threshold lies within the table."""
    rng = np.random.default_rng(0)
    conv = Conv(**synapses("2", 0, 4, 3, 3, 3))
    wide, clips, element = Rescale(40_000, 0, 16), Rescale(1000, 0, 6, -50, 50), Rescale(np.arange(24).reshape(4, 2, 3))
    models = [
        headed(name, Input((3, 4, 5), 0, 1), conv, rescale, neuron, time_steps=3)
        for name, rescale, neuron in (
            ("wide", wide, quantized_lif(8)),
            ("clips", clips, quantized_lif(8)),
            ("element", element, quantized_lif(8)),
            ("unshifted", Rescale(1, 0, 1), quantized_lif(8)),
            ("each", Rescale(100, 0, 3), coded(rng, 100, -50, threshold=np.array([5, 6, 7, 8]).reshape(4, 1, 1))),
            ("beyond", Rescale(100, 0, 3), coded(rng, 100, -50, threshold=974)),
            ("always", Rescale(100, 0, 3), coded(rng, 100, 50, threshold=50)),
            ("other", Rescale(100, 0, 3), IntegrateFire(20)),
        )
    ]
    nodes = [*headed("m", Input((3, 4, 5), 0, 1), conv, Rescale(100, 0, 3), quantized_lif(8)).nodes[:4]]
    nodes += [
        Node("again", Lif(50, voltage_decay=2048, fraction_bits=0), ("n2",)),
        Node("both", Add(), ("n3", "again")),
    ]
    nodes += [Node("flat", Reshape((24,)), ("both",)), Node("head", Dense(np.ones((2, 24), int)), ("flat",))]
    models.append(Model("shared", (*nodes, Node("scores", Membrane(), ("head",))), time_steps=3))
    used = assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)
    assert not [kernel for kernels in used.values() for kernel in kernels if "_r16_" in kernel]


@pytest.mark.parametrize("bits", [2, 4])
def test_packed_codes_cross_positions(tmp_path: Path, bits: int) -> None:
    neurons = (quantized_lif(bits), TernaryLif(3, 200, 1, 4, bits))
    models = [
        headed(f"packed_{i}", Input(shape, 0, 127), Rescale(2, -40), neuron, time_steps=4)
        for i, (shape, neuron) in enumerate(itertools.product([(3, 5, 2), (7, 6), (34, 3), (36, 2, 2)], neurons))
    ]
    assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)


def test_ternary_lif(tmp_path: Path) -> None:
    """Codes of all widths, resets, inputs of both types; multipliers and thresholds for all, a channel, a neuron."""
    rng = np.random.default_rng(0)
    multipliers = {"one": 7, "each": rng.integers(-300, 300, 37)}
    models, kernels = [], []
    for (bits, reset, gain), (spread, multiplier) in itertools.product(
        itertools.product((2, 4, 8), Reset, (1, 400)), multipliers.items()
    ):
        limit = ((1 << bits - 1) - 1) << 5
        threshold = rng.integers(1, 2 * limit, 37) if reset is Reset.SUBTRACT else limit
        neuron = TernaryLif(multiplier, threshold, len(models) % 4, 5, bits, reset)
        models.append(model_of(f"ternary_{bits}_{reset.name.lower()}_{gain}_{spread}", neuron, gain))
        kernels.append(f"esnn_ternary_lif_i{16 if gain == 1 else 32}_c{bits}")
    check(tmp_path, models, kernels)


def test_ternary_lif_extremes(tmp_path: Path) -> None:
    """No fraction, no leak, the longest shifts, thresholds that need 32 bits, potentials that nearly fill them."""
    neurons = [
        TernaryLif(1, 1, 0, 0, 2),
        TernaryLif(-1, 3, 15, 0, 4, Reset.NONE),
        TernaryLif(32767, 1 << 20, 1, 15, 8, Reset.SUBTRACT),
        TernaryLif(32767, (1 << 23) - 1, 15, 15, 2, Reset.NONE),
        TernaryLif(500, 40_000, 3, 8, 4, Reset.SUBTRACT),
    ]
    models = [model_of(f"extreme_{i}", neuron, 500 if i in (2, 3) else 1) for i, neuron in enumerate(neurons)]
    x = random_input(models[0], 8)
    x[0], x[1] = 127, -100
    used = assert_all_exact([(model, x) for model in models], tmp_path)
    assert "esnn_ternary_lif_i32_c4" in used["extreme_4"]


def test_ternary_neurons_are_odd(tmp_path: Path) -> None:
    """Opposite inputs give opposite spikes and states, on the device as in the model."""
    shape = (5, 3, 2)
    neuron = TernaryLif(np.arange(1, 6).reshape(5, 1, 1), 90, 2, 4, 4, Reset.SUBTRACT)
    model = headed("m", Input(shape, -100, 100), Rescale(), neuron, time_steps=12)
    x = random_input(model, 2)
    generated = assert_exact(model, np.concatenate([x, -x]), tmp_path)
    actual, _ = execute(model, generated.layout, tmp_path / "batch", np.concatenate([x, -x]))
    trace = actual.traces["n2"]
    assert (trace.output[:2] == -trace.output[2:]).all()
    assert (trace.states["v"][:2] == -trace.states["v"][2:]).all()
    assert (actual.output[:2] == -actual.output[2:]).all()


GRADED_TYPES: list[tuple[int, dict[str, Any], str]] = [
    (1, {}, "esnn_graded_lif_i16_s16"),
    (200, {"threshold": 9_000}, "esnn_graded_lif_i16_s32"),
    (1000, {"threshold": 90_000}, "esnn_graded_lif_i32_s32"),
    (4000, {"threshold": 9_000, "state_bits": 16}, "esnn_graded_lif_i32_s16"),
    (1, {"levels": 15, "threshold": PER_NEURON - 59}, "esnn_graded_lif_i16_s16"),
    (1, {"voltage_decay": 0, "bias": PER_NEURON - 100}, "esnn_graded_lif_i16_s16"),
    (1, {"levels": 1}, "esnn_lif_i16_s16"),
    (1, {"levels": 1, "voltage_decay": 0}, "esnn_integrate_i16_s16"),
]


def test_graded_lif(tmp_path: Path) -> None:
    models = [
        model_of(f"graded_{i}", GradedLif(**({"threshold": 40, "voltage_decay": 1500} | options)), gain)
        for i, (gain, options, _) in enumerate(GRADED_TYPES)
    ]
    check(tmp_path, models, [kernel for *_, kernel in GRADED_TYPES])


def test_spikes_into_neurons(tmp_path: Path) -> None:
    """Neurons fed by spikes directly: unpacked first."""
    model = headed("m", Input((33,), 0, 1), Lif(2, voltage_decay=100, fraction_bits=0), IntegrateFire(2))
    generated = assert_exact(model, random_input(model, 3), tmp_path)
    assert "esnn_unpack_i16" in generated.layout.kernels
