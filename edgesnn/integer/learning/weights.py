"""Weights that learn: 16-bit masters behind 8-bit inference weights, or 8 bits and stochastic rounding."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesnn.integer.learning.arithmetic import INT16_MAX, shifted
from edgesnn.integer.learning.draws import Draws
from edgesnn.integer.signal import Array

MASTER_BITS = 8
"""Bits of a master below a weight's unit."""
LOW, HIGH = -128, 127


class MasterWeights:
    """Masters (outputs, inputs) of 16 bits; a weight is its master's 8 high bits, rounded."""

    def __init__(self, weight: Array) -> None:
        self.master = np.clip(weight << MASTER_BITS, -INT16_MAX, INT16_MAX)
        self.weight = weight.copy()
        self.saturated = 0

    def moves(self, products: Array, shift: int) -> npt.NDArray[np.bool_]:
        """Which products change a master at all."""
        found: npt.NDArray[np.bool_] = np.not_equal(shifted(products, shift), 0)
        return found

    def update(self, neuron: int | Array, inputs: int | Array, products: Array, shift: int) -> None:
        """master -= products / 2^shift, rounded to nearest, for some inputs of a neuron, or some neurons of an input;
        saturating, and counted."""
        wanted = self.master[neuron, inputs] - shifted(products, shift)
        self.master[neuron, inputs] = np.clip(wanted, -INT16_MAX, INT16_MAX)
        self.saturated += int(np.count_nonzero(np.abs(wanted) > INT16_MAX))

    def refresh(self) -> None:
        """Inference weights from masters."""
        self.weight = np.clip(shifted(self.master, MASTER_BITS), LOW, HIGH)


class StochasticWeights:
    """8-bit weights that move by whole units: w -= (products + draw) >> (shift + 8), draws below 2^(shift + 8).

    The mean of the step is that of exact arithmetic.
    """

    def __init__(self, weight: Array, draws: Draws) -> None:
        self.next = weight.copy()
        self.weight = weight.copy()
        self.draws, self.saturated = draws, 0

    def moves(self, products: Array, shift: int) -> npt.NDArray[np.bool_]:
        """Which products a draw may make a whole unit of."""
        found: npt.NDArray[np.bool_] = np.not_equal(products, 0)
        return found

    def update(self, neuron: int | Array, inputs: int | Array, products: Array, shift: int) -> None:
        bits = shift + MASTER_BITS
        wanted = self.next[neuron, inputs] - (products + self.draws.take(len(products), bits) >> bits)
        self.next[neuron, inputs] = np.clip(wanted, LOW, HIGH)
        self.saturated += int(np.count_nonzero((wanted < LOW) | (wanted > HIGH)))

    def refresh(self) -> None:
        self.weight = self.next.copy()


LearnedWeights = MasterWeights | StochasticWeights
