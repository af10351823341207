"""Transformer blocks on membrane potentials: reversible, and the plain residual one to compare with."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.layers import Downscale
from edgesnn.models.bestformer.attention import BinaryAttention
from edgesnn.models.bestformer.parts import neuron, projection


class Mlp(nn.Module):
    """Two binary layers on each token, `ratio` times as wide in between: (T, batch, dim, N) to the same shape."""

    def __init__(self, dim: int, ratio: int, unit: int) -> None:
        super().__init__()
        self.fire, self.widen = neuron(unit), projection(dim, ratio * dim, unit)
        self.wide_fire, self.narrow = neuron(unit), projection(ratio * dim, dim, unit)

    def forward(self, x: Tensor) -> Tensor:
        return self.narrow(self.wide_fire(self.widen(self.fire(x))))  # type: ignore[no-any-return]


class ReversibleBlock(nn.Module):
    """x2 = Attn(x1) + (x0 + x1) / 2;  x3 = MLP(x2) + (x1 + x2) / 2: a pair of membrane potentials to the next pair.

    In training the halves are exact and `inverse` gives the inputs back. In the integer model they round up, which
    loses a bit: the integer block cannot be inverted, and nothing needs it to be.
    """

    def __init__(self, attention: BinaryAttention, mlp: Mlp) -> None:
        super().__init__()
        self.attention, self.mlp, self.halve = attention, mlp, Downscale(1)

    def forward(self, x0: Tensor, x1: Tensor) -> tuple[Tensor, Tensor]:
        x2 = self.attention(x1) + self.halve(x0 + x1)
        return x2, self.mlp(x2) + self.halve(x1 + x2)

    @torch.no_grad()
    def inverse(self, x2: Tensor, x3: Tensor) -> tuple[Tensor, Tensor]:
        """(x0, x1) of what `forward` returned in training mode."""
        x1 = 2 * (x3 - self.mlp(x2)) - x2
        return 2 * (x2 - self.attention(x1)) - x1, x1


class ResidualBlock(nn.Module):
    """x <- x + Attn(x); x <- x + MLP(x): the usual block, for comparison. Takes and returns a pair of equal tensors."""

    def __init__(self, attention: BinaryAttention, mlp: Mlp) -> None:
        super().__init__()
        self.attention, self.mlp = attention, mlp

    def forward(self, x0: Tensor, x1: Tensor) -> tuple[Tensor, Tensor]:
        x2 = x1 + self.attention(x1)
        x3 = x2 + self.mlp(x2)
        return x3, x3
