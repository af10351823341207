"""STD-ED: errors of spike times, walked back over spikes only.

The rule is a reconstruction from what the paper's abstract says of it (Wei et al., "Event-driven learning for spiking
neural networks", arXiv:2403.00270, 2024), not the authors' equations.
"""

from __future__ import annotations

import numpy as np

from edgesnn.learn.reference.integrate_fire import Floats, Spike


def spike_times(spikes: list[Spike], threshold: float) -> Floats:
    """When the threshold was crossed, were the charge of a step to flow evenly: t - 1 + (threshold - U[t-1]) / I[t]."""
    return np.array([spike.step - 1 + (threshold - spike.before) / spike.slope for spike in spikes])


def std_ed_backward(
    weights: Floats,
    inputs: Floats,
    spikes: list[Spike],
    delta: Floats,
    threshold: float,
    kernel: Floats,
    slope_min: float = 0.0,
    exact: bool = False,
) -> tuple[Floats, Floats]:
    """Gradients of the weights (outputs, inputs) and of the input spikes' times (steps, inputs).

    For a spike at step f, the one before it at p, and input spikes at steps p < t <= f:

        dt/dU = -1 / max(I, slope_min);  dU/dw_i = number of input spikes;  dt/dt_i = w_i kernel[f - t] / I

    Args:
        delta: dL/dt of each spike, in the order of `spikes`.
        kernel: (steps,), not negative and not increasing, kernel[0] = 1. Time steps make the true derivative by an
            input's time 0 almost everywhere: the kernel stands for it, and has its sign by construction.
        exact: an input of the firing step counts for the part of the step that had passed, which makes the gradient of
            the weights that of `spike_times`; otherwise it counts in full, the cheap rule.
    """
    grad, delta_in = np.zeros_like(weights), np.zeros_like(inputs)
    for spike, error in zip(spikes, delta, strict=True):
        potential_error = -error / max(spike.slope, slope_min)
        fraction = (threshold - spike.before) / spike.slope if exact else 1.0
        for step in range(spike.previous + 1, spike.step + 1):
            counted = fraction if step == spike.step else 1.0
            grad[spike.neuron] += potential_error * counted * inputs[step]
            delta_in[step] -= potential_error * weights[spike.neuron] * kernel[spike.step - step] * inputs[step]
    return grad, delta_in
