"""The ReL-PSP neuron and its exact gradients: spike-timing-dependent back-propagation.

Zhang et al., "Rectified linear postsynaptic potential function for backpropagation in deep spiking neural networks",
IEEE TNNLS 33(5), 2022 (arXiv:2003.11837).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.learn.reference.integrate_fire import Floats


@dataclass(frozen=True)
class RampSpike:
    """When a neuron fires, how fast its potential rose then, and which inputs came before."""

    time: float
    slope: float
    causal: npt.NDArray[np.bool_]


def spike_time(weights: Floats, times: Floats, threshold: float = 1.0) -> RampSpike | None:
    """The first crossing of V(t) = sum of w_i max(0, t - t_i) with the threshold; None if there is none.

    V is linear between inputs, so the candidate after each of them, (threshold + sum w t) / sum w over the inputs so
    far, holds if no further input comes before it. Inputs are taken in time order, because a later inhibitory one may
    pull V below the threshold again. weights, times: (inputs,); a time of infinity is no spike.
    """
    causal = np.zeros(len(times), bool)
    for time in np.unique(times[np.isfinite(times)]):
        if (crossing := _crossing(weights, times, causal, threshold)) <= time:
            break
        causal = causal | (times == time)
    crossing = _crossing(weights, times, causal, threshold)
    return RampSpike(crossing, float(weights[causal].sum()), causal) if np.isfinite(crossing) else None


def _crossing(weights: Floats, times: Floats, causal: npt.NDArray[np.bool_], threshold: float) -> float:
    slope = weights[causal].sum()
    return float((threshold + (weights[causal] * times[causal]).sum()) / slope) if slope > 0 else np.inf


def relpsp(weights: Floats, times: Floats, threshold: float = 1.0) -> list[RampSpike | None]:
    """The spikes of a layer: weights (outputs, inputs), times (inputs,)."""
    return [spike_time(row, times, threshold) for row in weights]


def relpsp_backward(
    weights: Floats, times: Floats, spikes: list[RampSpike | None], delta: Floats, slope_min: float = 0.0
) -> tuple[Floats, Floats]:
    """Gradients of the weights (outputs, inputs) and of the input times (inputs,), from delta = dL/dt of each output.

    dt/dw_i = (t_i - t) / S and dt/dt_i = w_i / S over the causal inputs, with S no smaller than slope_min. Silent
    neurons pass nothing.
    """
    grad, delta_in = np.zeros_like(weights), np.zeros_like(times)
    for j, spike in enumerate(spikes):
        if spike is None:
            continue
        potential_error = -delta[j] / max(spike.slope, slope_min)
        grad[j, spike.causal] = potential_error * (spike.time - times[spike.causal])
        delta_in[spike.causal] -= potential_error * weights[j, spike.causal]
    return grad, delta_in
