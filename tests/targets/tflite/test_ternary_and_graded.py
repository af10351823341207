"""Neurons whose spikes are ternary or graded: the interpreter gives the reference's integers, all nodes, all steps."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer.ops import Dense, GradedLif, Rescale, TernaryLif
from edgesnn.integer.ops.fire import Reset
from tests.factory import ternary_like
from tests.targets.tflite.harness import OLDER_BOARDS, assert_exact, assert_exact_here, chain, samples

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("reset", Reset)
@pytest.mark.parametrize(("state_bits", "fraction_bits"), list(itertools.product((2, 4, 8), (0, 1, 4))))
def test_ternary_lif(state_bits: int, fraction_bits: int, reset: Reset, tmp_path: Path) -> None:
    """Multipliers of both signs and thresholds a channel; codes round, saturate and leak on both sides of zero."""
    neuron = TernaryLif(
        multiplier=RNG.integers(-9, 10, (3, 1, 1)),
        threshold=RNG.integers(1, 2 << (state_bits + fraction_bits), (3, 1, 1)),
        leak_shift=fraction_bits // 2,
        fraction_bits=fraction_bits,
        state_bits=state_bits,
        reset=reset,
    )
    model = chain((3, 4, 5), neuron, low=-9, high=9, time_steps=12)
    assert_exact_here(model, samples(model, 6), tmp_path)


def test_ternary_lif_at_the_ends_of_int32(tmp_path: Path) -> None:
    """A potential of 31 bits, the widest shifts and threshold."""
    neuron = TernaryLif((1 << 15) - 1, (1 << 23) - 1, leak_shift=15, fraction_bits=15, reset=Reset.SUBTRACT)
    model = chain((2,), Rescale(508), neuron, low=-128, high=127, time_steps=4)
    assert_exact_here(model, samples(model, 8), tmp_path)


@pytest.mark.parametrize("levels", [1, 3, 15])
@pytest.mark.parametrize("decay", [0, 1024, 4096])
def test_graded_lif(levels: int, decay: int, tmp_path: Path) -> None:
    """Potentials below zero, exactly at multiples of the threshold, and beyond the last level."""
    neuron = GradedLif([[[5]], [[1]]], levels, bias=[[[-1]], [[2]]], voltage_decay=decay, state_bits=9)
    model = chain((2, 3, 5), neuron, low=-20, high=30, time_steps=8)
    assert_exact_here(model, samples(model, 6), tmp_path)


def test_graded_spikes_through_synapses(tmp_path: Path) -> None:
    weight = RNG.integers(-128, 128, (6, 8))
    first, second = GradedLif(150, 15, state_bits=16), GradedLif(900, 3, voltage_decay=2048)
    model = chain((8,), Dense(weight), first, Dense(weight[:, :6]), second, low=-3, high=9)
    assert_exact_here(model, samples(model, 6), tmp_path)


@pytest.mark.parametrize("board", ["litert", "litert-variables", *OLDER_BOARDS])
@pytest.mark.parametrize("state_bits", [2, 4, 8])
def test_ternary_network(state_bits: int, board: str, tmp_path: Path) -> None:
    model = ternary_like(state_bits)
    assert_exact(model, samples(model, 20), tmp_path, board)
