"""The two's-complement grid of 2 to 8 bits."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.layers.weights.quantiser import WeightQuantiser
from edgesnn.layers.weights.scale import EPSILON, per_channel


class LinearWeight(WeightQuantiser):
    """One scale a tensor: codes = round(w / max|w| * (2^(bits-1) - 1))."""

    def __init__(self, bits: int = 8) -> None:
        super().__init__(bits)

    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        largest = (1 << (self.bits - 1)) - 1
        scale = weight.detach().abs().amax().clamp(min=EPSILON) / largest
        return torch.round(weight.detach() / scale), scale.expand(len(weight))

    def forward(self, weight: Tensor) -> Tensor:
        codes, scale = self.codes_and_scale(weight)
        quantised = codes * per_channel(scale, weight)
        return weight + (quantised - weight).detach()
