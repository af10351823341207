"""MPD-ED: errors of membrane potentials, taken at spikes only.

The rule is a reconstruction from what the paper's abstract says of it (Wei et al., "Event-driven learning for spiking
neural networks", arXiv:2403.00270, 2024), not the authors' equations.
"""

from __future__ import annotations

import numpy as np

from edgesnn.learn.reference.integrate_fire import Floats, Spike


def mpd_ed_backward(
    weights: Floats,
    inputs: Floats,
    spikes: list[Spike],
    delta: Floats,
    threshold: float,
    width: float,
    leak: float = 1.0,
) -> tuple[Floats, Floats]:
    """Gradients of the weights (outputs, inputs) and of the input spikes (steps, inputs).

    For a spike at step f, the one before it at p, and input spikes at steps p < t <= f, with u = dL/dU[f]:

        u = delta max(0, 1 - |U - threshold| / width) / width
        dL/dw_i += u leak^(f - t);  dL/dx_i[t] += u w_i leak^(f - t)

    Args:
        delta: dL/ds of each spike, in the order of `spikes`.
        width: of the triangle that stands for the derivative of the spike by the potential.
    """
    grad, delta_in = np.zeros_like(weights), np.zeros_like(inputs)
    for spike, error in zip(spikes, delta, strict=True):
        potential_error = error * max(0.0, 1 - abs(spike.potential - threshold) / width) / width
        for step in range(spike.previous + 1, spike.step + 1):
            kept = leak ** (spike.step - step)
            grad[spike.neuron] += potential_error * kept * inputs[step]
            delta_in[step] += potential_error * weights[spike.neuron] * kept * inputs[step]
    return grad, delta_in
