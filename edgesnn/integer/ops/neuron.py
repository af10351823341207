"""What spiking neurons share: shape, meaning, checks of threshold, bias and state width."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.operator import Operator, per_neuron
from edgesnn.integer.signal import Array, Meaning, Shape, Signal

MAX_STATE_BITS = 24
"""As wide as Loihi's membrane; it leaves int32 arithmetic room for the sum of two states and a bias."""


class Neuron(Operator):
    """A spiking neuron: as many outputs as inputs, each 0 or 1 unless the neuron says otherwise; int8 in a file."""

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return inputs[0].shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.SPIKE


def check_state_bits(op: Operator, state_bits: int) -> None:
    if not 2 <= state_bits <= MAX_STATE_BITS:
        raise op.fail(f"state_bits {state_bits} is outside 2..{MAX_STATE_BITS}", "Choose a width in that range")


def check_threshold(op: Operator, threshold: Array, fraction_bits: int) -> None:
    limit = (1 << (MAX_STATE_BITS - 1)) - 1
    low, high = int(np.min(threshold)), int(np.max(threshold))
    if low < 0 or high << fraction_bits > limit:
        raise op.fail(
            f"threshold from {low} to {high} (times 2^{fraction_bits}) is outside 0..{limit}",
            "Scale weights and threshold down together",
        )


def check_bias(op: Operator, bias: Array) -> None:
    limit = (1 << (MAX_STATE_BITS - 1)) - 1
    if np.abs(bias).max() > limit:
        raise op.fail(f"bias {np.abs(bias).max()} is beyond {limit}", "Scale weights and bias down together")


def check_shapes(op: Operator, signal: Signal, threshold: Array, bias: Array) -> None:
    per_neuron(op, "threshold", threshold, signal.shape)
    per_neuron(op, "bias", bias, signal.shape)
