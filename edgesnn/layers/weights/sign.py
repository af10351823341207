"""One-bit weights without a scale."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.errors import ConfigError
from edgesnn.layers.weights.binary import standardised
from edgesnn.layers.weights.masked import straight_through_inside
from edgesnn.layers.weights.quantiser import WeightQuantiser


class SignWeight(WeightQuantiser):
    """weight = sign(w~) in {-1, +1}, sign(0) = +1, w~ = (w - mean) / std for each output channel (BESTformer).

    There is no scale: a normalisation has to follow, which absorbs any. The gradient passes to w~ as it is, and from
    there through the standardisation; so w -> a w + b, a > 0, changes nothing. Source: the official code of Cao et
    al., "Binary Event-Driven Spiking Transformer", IJCAI 2025.

    Args:
        clip: gradients pass only where |w~| <= clip, so that weights do not drift once decided; None, as in the
            source, lets all pass.
    """

    zero_free = True

    def __init__(self, bits: int = 1, clip: float | None = None) -> None:
        if bits != 1:
            raise ConfigError("sign weights", f"have 1 bit, not {bits}", "Choose another grid")
        if clip is not None and not clip > 0:
            raise ConfigError("sign weights", f"clip {clip} is not positive", "Give e.g. 1.0, or leave it out")
        super().__init__(bits)
        self.clip = clip

    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        return signs(standardised(weight.detach())), weight.new_ones(len(weight))

    def forward(self, weight: Tensor) -> Tensor:
        regular = standardised(weight)
        codes = signs(regular.detach())
        if self.clip is None:
            return regular + (codes - regular).detach()
        return straight_through_inside(regular, codes, regular.detach().abs() <= self.clip, 0.0)


def signs(x: Tensor) -> Tensor:
    """+1 where x >= 0, else -1."""
    return torch.where(x >= 0, 1.0, -1.0)
