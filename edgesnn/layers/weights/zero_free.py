"""The uniform grid without zero, with weight rescaling (QP-SNN)."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.errors import ConfigError
from edgesnn.layers.weights.masked import straight_through_inside
from edgesnn.layers.weights.quantiser import WeightQuantiser
from edgesnn.layers.weights.scale import EPSILON, channel_mean, per_channel

GAMMAS = ("mean", "max", "percentile")


class ZeroFreeWeight(WeightQuantiser):
    """q = round(s/2 (clip(w / gamma, -1, 1) + 1)), weight = gamma (2 q / s - 1), s = 2^bits - 1.

    The codes are the 2^bits odd integers 2 q - s.

    Source: Wei et al., "QP-SNN: Quantized and Pruned Spiking Neural Networks", ICLR 2025 (ReScaW). gamma, one an output
    channel and without gradient, is mean |w| (the paper's choice for training), max |w| (for a network trained without
    quantisation) or a percentile of |w|. The gradient passes where |w| <= gamma and times `leak` elsewhere; the paper
    has leak 0, under which the mean would freeze two weights in five.

    Args:
        bits: 1 to 8.
        gamma: "mean", "max" or "percentile".
        percentile: of |w|, for that choice.
        leak: gradient of a clipped weight, 0 to 1.
    """

    zero_free = True

    def __init__(self, bits: int, gamma: str = "mean", percentile: float = 99.0, leak: float = 0.1) -> None:
        if not 1 <= bits <= 8:
            raise ConfigError("zero-free weights", f"have 1 to 8 bits, not {bits}", "Choose 1, 2, 4 or 8")
        if gamma not in GAMMAS:
            raise ConfigError("zero-free weights", f"gamma {gamma!r} is unknown", f"Choose one of {', '.join(GAMMAS)}")
        super().__init__(bits)
        self.choice, self.percentile, self.leak = gamma, percentile, leak

    @property
    def largest(self) -> int:
        """s, the largest code."""
        return (1 << self.bits) - 1

    def gamma(self, weight: Tensor) -> Tensor:
        """The clipping point (outputs,) of a latent weight (outputs, ...)."""
        size = weight.detach().flatten(1).abs()
        if self.choice == "mean":
            gamma = channel_mean(size)
        elif self.choice == "max":
            gamma = size.amax(dim=1)
        else:
            gamma = torch.quantile(size, self.percentile / 100, dim=1)
        return gamma.clamp(min=EPSILON)

    def codes(self, weight: Tensor, gamma: Tensor) -> Tensor:
        """Odd integers within +-s of a weight (outputs, ...) clipped at gamma (outputs,)."""
        clipped = torch.clamp(weight.detach() / per_channel(gamma, weight), -1, 1)
        # rounded down at a midpoint's lower side only: never 0, and a positive weight never gets a negative code
        return 2 * torch.floor(self.largest * (clipped + 1) / 2 + 0.5).clamp(max=self.largest) - self.largest

    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        gamma = self.gamma(weight)
        return self.codes(weight, gamma), gamma / self.largest

    def forward(self, weight: Tensor) -> Tensor:
        gamma = per_channel(self.gamma(weight), weight)
        codes = self.codes(weight, gamma)
        inside = weight.detach().abs() <= gamma
        return straight_through_inside(weight, codes * (gamma / self.largest), inside, self.leak)
