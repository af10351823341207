"""Surrogate gradients: what stands for the derivative of the spike's step function, in units of the threshold.

Each takes the distance of the membrane potential from the threshold and may overwrite it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import torch
from torch import Tensor

Surrogate = Callable[[Tensor], Tensor]


def triangle(distance: Tensor) -> Tensor:
    """max(0, 1 - |v - threshold|): width one threshold, area one (Wei et al. 2024, gamma = 1)."""
    return distance.abs_().neg_().add_(1).clamp_(min=0)


def rectangle(distance: Tensor) -> Tensor:
    """1 where |v - threshold| < 1/2: width one threshold, area one (Wu et al., Front. Neurosci. 2018)."""
    return torch.lt(distance.abs_(), 0.5, out=distance)


@functools.cache
def _one(dtype: torch.dtype) -> Tensor:
    return torch.ones((), dtype=dtype)


def arctangent(distance: Tensor) -> Tensor:
    """1 / (1 + (pi x)^2), the derivative of arctan(pi x) / pi + 1/2 (Fang et al., ICCV 2021, alpha = 2)."""
    return torch.addcmul(_one(distance.dtype), distance, distance, value=math.pi**2, out=distance).reciprocal_()


SURROGATES: dict[str, Surrogate] = {"triangle": triangle, "arctangent": arctangent, "rectangle": rectangle}


def passed(gradient: Tensor, potential: Tensor, unit: float, surrogate: Surrogate, out: Tensor) -> Tensor:
    """The gradient behind spikes of threshold `unit`, gradient * surrogate(potential / unit - 1) / unit, into `out`."""
    if surrogate is rectangle:  # one pass over memory instead of four
        torch.ops.aten.hardtanh_backward(gradient, potential, unit / 2, 3 * unit / 2, grad_input=out)
    else:
        torch.mul(surrogate(torch.mul(potential, 1 / unit, out=out).sub_(1)), gradient, out=out)
    return out.mul_(1 / unit)
