"""Packing and unpacking of 1, 2 and 4 bits give back what was packed, at any length, in just the bytes it takes."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.integer.onnx_tensors import array, tensor
from edgesnn.targets.mcu.codegen.storage import natural

ANY = st.integers(1, 200)


def values(bits: int, shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-(1 << bits - 1), 1 << bits - 1, shape)


@given(st.sampled_from([2, 4]), ANY, st.integers(0, 99))
def test_states_of_a_device(bits: int, length: int, seed: int) -> None:
    storage, packed = natural(f"int{bits}", (length,)), values(bits, (length,), seed)
    raw = storage.encode(packed)
    assert len(raw) == storage.bytes == math.ceil(length * bits / 8)
    assert np.array_equal(storage.decode(raw), packed)


@given(ANY, st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))
def test_spikes_of_a_device(channels: int, height: int, width: int, seed: int) -> None:
    storage = natural("bits", (channels, height, width))
    spikes = np.random.default_rng(seed).integers(0, 2, (channels, height, width))
    raw = storage.encode(spikes)
    assert len(raw) == storage.bytes == 4 * math.ceil(channels / 32) * height * width  # words, a position at a time
    assert np.array_equal(storage.decode(raw), spikes)


@given(st.sampled_from([1, 2, 4]), ANY, st.integers(0, 99))
def test_weights_of_a_model_file(bits: int, length: int, seed: int) -> None:
    """Of up to 4 bits two a byte; signs are -1 and +1, which 2 bits of a nibble hold."""
    packed = 2 * (values(1, (length,), seed)) + 1 if bits == 1 else values(bits, (length,), seed)
    stored = tensor("w", packed, bits + (bits == 1))
    assert len(stored.raw_data) == math.ceil(length / 2)
    assert np.array_equal(array("file", stored), packed)
