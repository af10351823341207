"""The quantised membrane of Q-SNN: its tables, its codes, and the finite-state machine they make."""

import itertools

import numpy as np
import pytest
import torch

from edgesnn.integer.ops import QuantizedLif as Operator
from edgesnn.layers import QuantizedLif
from edgesnn.layers.quantized_lif import tables


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("alpha", [0.5, 0.762, 1.0])
def test_codes_are_bounded_odd_monotone_and_close(bits, alpha):
    unit, q = 128, (1 << (bits - 1)) - 1
    _, codes, low = tables(alpha, bits, 0.5, unit)
    potential = np.arange(low, low + len(codes))
    assert np.abs(codes).max() <= q and codes[-low] == 0
    assert (np.diff(codes) >= 0).all()
    mirrored = potential[potential > -unit]
    mirrored = mirrored[mirrored < unit]
    assert (codes[mirrored - low] == -codes[-mirrored - low]).all()
    squashed = np.tanh(potential / unit)
    inside = np.abs(squashed) <= alpha
    assert (np.abs(codes[~inside]) == q).all()  # a scale that is frozen may be passed: by the largest code, then
    assert np.abs(codes * alpha / q - squashed)[inside].max() <= alpha / (2 * q) + 1e-12


@pytest.mark.parametrize("bits", [2, 4])
def test_state_machine_is_the_arithmetic_neuron_for_every_code_and_input(bits):
    unit, alpha, leak, q = 64, 0.75, 0.5, (1 << (bits - 1)) - 1
    operator = Operator(*tables(alpha, bits, leak, unit), threshold=unit, state_bits=bits)
    for code, current in itertools.product(range(-q, q + 1), range(-600, 200)):
        v = np.rint(leak * alpha * code / q * unit) + current
        fires = v >= unit
        wanted = 0 if fires else np.rint(np.clip(np.tanh(v / unit) / alpha, -1, 1) * q)
        s, (after,) = operator.step((np.array([[current]]),), (np.array([[code]]),))
        assert (s[0, 0], after[0, 0]) == (fires, wanted), (code, current)


def test_scale_follows_the_batch_in_training_and_is_frozen_in_eval():
    layer = QuantizedLif(unit=128)
    generator = torch.Generator().manual_seed(0)
    for _ in range(200):
        layer(torch.rand(3, 50, generator=generator) * 100)
    frozen = float(layer.alpha)
    assert 0.3 < frozen < 0.9
    layer.eval()
    layer(torch.rand(3, 50, generator=generator) * 100)
    assert float(layer.alpha) == frozen


def test_scale_survives_a_batch_in_which_every_neuron_was_reset():
    layer = QuantizedLif(unit=128)
    for _ in range(2000):
        spikes = layer(torch.full((2, 10), 1000.0))
    assert spikes.min() == 1 and float(layer.alpha) > 0
