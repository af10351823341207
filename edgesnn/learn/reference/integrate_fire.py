"""The neuron of STD-ED and MPD-ED, and what its spikes leave behind for the backward walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NEVER = -1


@dataclass(frozen=True)
class Spike:
    """A spike: its neuron, its step, the step of the same neuron's spike before it (NEVER if none).

    before, potential: the membrane potential U[t - 1] and U[t], before the reset of this spike.
    """

    neuron: int
    step: int
    previous: int
    before: float
    potential: float

    @property
    def slope(self) -> float:
        """I[t] = U[t] - U[t - 1], what the firing step added."""
        return self.potential - self.before


def integrate(weights: Floats, inputs: Floats, threshold: float, leak: float = 1.0) -> list[Spike]:
    """All spikes of a layer, by step, then by neuron.

    U[t] = leak U[t - 1] + sum of w_ij x_i[t]; a spike where U[t] >= threshold; then U[t] = 0. Input at step t counts
    for step t.

    Args:
        weights: (outputs, inputs).
        inputs: (steps, inputs), 0 or 1.
        leak: what is kept of a step's potential; 1 is the integrate-and-fire neuron.
    """
    potential = np.zeros(len(weights))
    previous = np.full(len(weights), NEVER)
    spikes = []
    for step, x in enumerate(inputs):
        before = leak * potential
        potential = before + weights @ x
        for neuron in np.flatnonzero(potential >= threshold):
            spikes.append(Spike(int(neuron), step, int(previous[neuron]), before[neuron], potential[neuron]))
            potential[neuron] = 0.0
            previous[neuron] = step
    return spikes
