"""Integrate-and-fire neurons."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.signal import Shape
from edgesnn.layers.lif import FusedLif, _after
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.surrogate import SURROGATES


class IntegrateFire(Neuron):
    """No leak; see `edgesnn.integer.ops.integrate_fire.IntegrateFire`. `unit` is the threshold."""

    def __init__(
        self,
        unit: int = 128,
        reset: Reset = Reset.SUBTRACT,
        strict: bool = False,
        state_bits: int = 16,
        surrogate: str = "triangle",
    ) -> None:
        super().__init__(unit)
        self.reset, self.strict, self.state_bits = Reset(reset), strict, state_bits
        self.surrogate = SURROGATES[surrogate]

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.IntegrateFire(parameter(self.unit), parameter(0), self.strict, self.reset, self.state_bits),)

    def trained(self, x: Tensor) -> Tensor:
        return FusedLif.apply(x, float(self.unit), 1.0, self.reset, self.strict, self.surrogate)  # type: ignore[no-untyped-call, no-any-return]

    def exact(self, x: Tensor) -> Tensor:
        limit = (1 << (self.state_bits - 1)) - 1
        v = torch.zeros(x.shape[1:], dtype=x.dtype)
        spikes = []
        for current in x:
            v = torch.clamp(v + current, -limit, limit)
            s = (v > self.unit if self.strict else v >= self.unit).to(x.dtype)
            v = _after(v, s, float(self.unit), self.reset)
            spikes.append(s)
        return torch.stack(spikes)
