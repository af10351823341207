"""Symmetric grids with a scale for each output channel: ternary, and 3 to 8 bits (QT-SNN)."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.errors import ConfigError
from edgesnn.layers.weights.masked import straight_through_inside
from edgesnn.layers.weights.quantiser import WeightQuantiser
from edgesnn.layers.weights.scale import EPSILON, channel_mean, per_channel

TERNARY_THRESHOLD = 0.7


class DualScaleWeight(WeightQuantiser):
    """weight = alpha clip(round(w / alpha), -L, L), L = 2^(bits-1) - 1, alpha one an output channel.

    1 bit: alpha = mean |w| and codes sign(w), sign(0) = +1. 2 bits: ternary codes, 0 where |w| <= 0.7 mean |w|, and
    alpha the mean |w| of the others. 3 to 8 bits: alpha = max |w| / L. The gradient passes where nothing is clipped:
    |w| <= (L + 1/2) alpha, where L is 1 for 1 bit too.

    After Wang et al., "Ternary Spike-based Neuromorphic Signal Processing System", Neural Networks 187, 2025; its exact
    formulas were not at hand, these are our reconstruction.
    """

    def __init__(self, bits: int) -> None:
        if not 1 <= bits <= 8:
            raise ConfigError("dual-scale weights", f"have 1 to 8 bits, not {bits}", "Choose 1, 2, 4 or 8")
        super().__init__(bits)
        self.zero_free = bits == 1

    @property
    def largest(self) -> int:
        """L, the largest code."""
        return max(1, (1 << (self.bits - 1)) - 1)

    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        rows = weight.detach().flatten(1)
        size = rows.abs()
        if self.bits == 1:
            return torch.where(weight.detach() >= 0, 1.0, -1.0), channel_mean(size).clamp(min=EPSILON)
        if self.bits == 2:
            kept = size > TERNARY_THRESHOLD * channel_mean(size)[:, None]
            scale = ((size * kept).double().sum(dim=1) / kept.sum(dim=1).clamp(min=1)).to(size.dtype)
            return (torch.sign(rows) * kept).reshape(weight.shape), scale.clamp(min=EPSILON)
        scale = size.amax(dim=1).clamp(min=EPSILON) / self.largest
        return torch.round(weight.detach() / per_channel(scale, weight)), scale

    def forward(self, weight: Tensor) -> Tensor:
        codes, scale = self.codes_and_scale(weight)
        reach = per_channel(scale * (self.largest + 0.5), weight)
        inside = weight.detach().abs() <= reach
        return straight_through_inside(weight, codes * per_channel(scale, weight), inside, 0.0)
