"""Spiking neurons: every kernel and attribute, generated C == interpreter."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgesnn.integer import Model
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Input, IntegrateFire, Lif, QuantizedLif, Rescale
from edgesnn.integer.ops.fire import Reset
from tests.factory import quantized_lif
from tests.targets.mcu.chain import headed
from tests.targets.mcu.harness import assert_all_exact, assert_exact, random_input

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


LIF_TYPES: list[tuple[int, dict[str, Any], str]] = [
    (1, {"fraction_bits": 0}, "esnn_lif_i16_s16"),
    (200, {"fraction_bits": 3}, "esnn_lif_i16_s32"),
    (1000, {"fraction_bits": 3}, "esnn_lif_i32_s32"),
    (4000, {"fraction_bits": 4, "state_bits": 16}, "esnn_lif_i32_s16"),
    (1, {"fraction_bits": 2, "current_decay": 700}, "esnn_lif_current_i16_s16"),
    (100, {"fraction_bits": 6, "current_decay": 700}, "esnn_lif_current_i16_s32"),
    (1000, {"fraction_bits": 3, "current_decay": 700}, "esnn_lif_current_i32_s32"),
    (10, {"fraction_bits": 6, "current_decay": 0, "voltage_decay": 4096}, "esnn_lif_current_i16_s32"),
    (10, {"fraction_bits": 1, "voltage_decay": 0}, "esnn_integrate_i16_s16"),
]


def test_lif_types(tmp_path: Path) -> None:
    models = [
        model_of(f"lif_{i}", Lif(90 * gain, gain, **({"voltage_decay": 2048} | options)), gain)
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


@pytest.mark.parametrize("bits", [2, 4])
def test_packed_codes_cross_positions(tmp_path: Path, bits: int) -> None:
    models = [
        headed(f"packed_{i}", Input(shape, 0, 127), Rescale(2, -40), quantized_lif(bits), time_steps=4)
        for i, shape in enumerate([(3, 5, 2), (7, 6), (34, 3), (36, 2, 2)])
    ]
    assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)


def test_spikes_into_neurons(tmp_path: Path) -> None:
    """Neurons fed by spikes directly: unpacked first."""
    model = headed("m", Input((33,), 0, 1), Lif(2, voltage_decay=100, fraction_bits=0), IntegrateFire(2))
    generated = assert_exact(model, random_input(model, 3), tmp_path)
    assert "esnn_unpack_i16" in generated.layout.kernels
