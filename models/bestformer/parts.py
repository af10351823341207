"""The neuron and the binary projection that the whole network is made of."""

from __future__ import annotations

from typing import TypeVar

from torch import nn

from edgesnn.layers import Lif, QuantConv1d, QuantConv2d, Reset

HALF = 2048
"""A leak of 1/2, out of 4096."""
FIRST_GAIN = 2.0
"""What the normalisations' gains start from. At 1 only one neuron in forty fires at first, and learning is slow."""


def neuron(threshold: int) -> Lif:
    """H = U + (X - U) / 2 fires at `threshold` and returns to zero: tau = 2.

    Twice the potential is V = V/2 + X, which needs no division of the input: hence twice the threshold.
    """
    return Lif(2 * threshold, voltage_decay=HALF, strict=False, fraction_bits=0, state_bits=16)


def counting_neuron(threshold: int = 1) -> Lif:
    """The same for coincidence counts, the threshold subtracted instead: what a large count leaves is not lost."""
    reset = Reset.SUBTRACT
    return Lif(2 * threshold, voltage_decay=HALF, reset=reset, strict=False, fraction_bits=4, state_bits=16)


def projection(inputs: int, outputs: int, unit: int) -> QuantConv1d:
    """Tokens (inputs, N) of spikes to currents (outputs, N): signs, then a normalisation that is all their scale."""
    return lively(QuantConv1d(inputs, outputs, 1, weight_bits=1, grid="sign", unit=unit))


def convolution(inputs: int, outputs: int, unit: int) -> QuantConv2d:
    """The same for images of spikes, 3x3."""
    return lively(QuantConv2d(inputs, outputs, 3, padding=1, weight_bits=1, grid="sign", unit=unit))


Layer = TypeVar("Layer", QuantConv1d, QuantConv2d)


def lively(layer: Layer) -> Layer:
    """The layer with a normalisation that starts from `FIRST_GAIN`."""
    assert layer.norm is not None
    nn.init.constant_(layer.norm.weight, FIRST_GAIN)
    return layer
