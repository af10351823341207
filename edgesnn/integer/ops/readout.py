"""What the readouts share. The decision is always: largest output, ties to the lowest index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Meaning, Shape, Signal

SCORE_BITS = 32


class Readout(Operator):
    """The last node of a model: one score a class, final after the last time step."""

    def check(self, inputs: tuple[Signal, ...]) -> None:
        if len(inputs[0].shape) != 1:
            raise self.fail(f"its input has shape {inputs[0].shape}, not (classes,)", "Flatten the input first")

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return inputs[0].shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.STATE

    def decided(self, states: tuple[Array, ...]) -> npt.NDArray[np.bool_]:
        """(samples,) whether the decision is final after the step that left these states, whatever comes."""
        return np.zeros(len(states[0]), bool)


class SpikeReadout(Readout):
    """A readout that looks at spikes only."""

    def check(self, inputs: tuple[Signal, ...]) -> None:
        super().check(inputs)
        if inputs[0].meaning is not Meaning.SPIKE:
            raise self.fail(f"its input is {inputs[0].meaning}, not spikes", "Put a neuron in front, or use Membrane")
