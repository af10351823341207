"""A layer of integrate-and-fire neurons over all steps of a batch, with what the backward walk needs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Charged:
    """Spikes (T, batch, neurons) of 0 and 1, and the potentials U[t - 1] and U[t], before a reset, of each step."""

    spikes: Tensor
    before: Tensor
    potential: Tensor


def integrate(current: Tensor, threshold: Tensor, leak: float = 1.0) -> Charged:
    """U[t] = leak U[t - 1] + current[t] (T, batch, neurons); a spike where U[t] >= threshold, then U[t] = 0."""
    before, potential, spikes = (torch.empty_like(current) for _ in range(3))
    u = torch.zeros_like(current[0])
    for t in range(len(current)):
        before[t] = leak * u
        potential[t] = before[t] + current[t]
        spikes[t] = potential[t] >= threshold
        u = potential[t] * (1 - spikes[t])
    return Charged(spikes, before, potential)


def onto_inputs(errors: Tensor, spikes: Tensor, leak: float = 1.0) -> Tensor:
    """What input at each step does to the loss through the potential, from errors of potentials at single steps.

    An error reaches back to the step after the neuron's previous spike, whose reset cuts it off, and fades by `leak` a
    step.
    """
    reached = torch.empty_like(errors)
    later = torch.zeros_like(errors[0])
    for t in reversed(range(len(errors))):
        later = errors[t] + leak * (1 - spikes[t]) * later
        reached[t] = later
    return reached
