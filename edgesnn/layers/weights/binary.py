"""One-bit weights with weight regulation."""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.errors import ConfigError
from edgesnn.layers.weights.quantiser import WeightQuantiser
from edgesnn.layers.weights.scale import EPSILON, per_channel, power_of_two


class BinaryWeight(WeightQuantiser):
    """One bit with weight regulation (Wei et al., ACM MM 2024, "Q-SNNs", weight-spike dual regulation).

    Per output channel w~ = (w - mean) / std, scale = 2^round(log2 mean|w~|), weight = scale * sign(w~), sign(0) = +1.
    The gradient of the sign is k t (1 - tanh(t x)^2) with t growing from 0.1 to 10 over training, k = max(1/t, 1).
    """

    def __init__(self, bits: int = 1) -> None:
        if bits != 1:
            raise ConfigError("binary weights", f"have 1 bit, not {bits}", "Choose another grid")
        super().__init__(bits)
        self.register_buffer("sharpness", torch.tensor(0.1))
        self.sharpness: Tensor

    def set_progress(self, fraction: float) -> None:
        """Tells how much of the training is done, 0 to 1: t = 10^(2 fraction - 1)."""
        self.sharpness.fill_(10 ** (2 * fraction - 1))

    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        regular = standardised(weight.detach())
        codes = torch.where(regular >= 0, 1.0, -1.0)
        return codes, power_of_two(regular.flatten(1).abs().mean(dim=1))

    def forward(self, weight: Tensor) -> Tensor:
        regular = standardised(weight)
        scale = power_of_two(regular.detach().flatten(1).abs().mean(dim=1))
        return _Sign.apply(regular, self.sharpness) * per_channel(scale, weight)  # type: ignore[no-untyped-call, no-any-return]


class _Sign(torch.autograd.Function):
    """sign with the gradient k t (1 - tanh(t x)^2)."""

    @staticmethod
    def forward(ctx, x: Tensor, t: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.save_for_backward(x, t)
        return torch.where(x >= 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[no-untyped-def]
        x, t = ctx.saved_tensors
        return gradient * sign_gradient(x, t), None


def sign_gradient(x: Tensor, t: Tensor) -> Tensor:
    """k t (1 - tanh(t x)^2), k = max(1/t, 1)."""
    k = torch.clamp(1 / t, min=1.0)
    return k * t * (1 - torch.tanh(t * x) ** 2)


def standardised(weight: Tensor) -> Tensor:
    """Zero mean, unit standard deviation for each output channel."""
    flat = weight.flatten(1)
    mean, std = flat.mean(dim=1, keepdim=True), flat.std(dim=1, keepdim=True, unbiased=False)
    return ((flat - mean) / (std + EPSILON)).reshape(weight.shape)
