"""What every weight quantiser offers."""

from __future__ import annotations

import abc

from torch import Tensor, nn


class WeightQuantiser(nn.Module, abc.ABC):
    """A latent float weight (outputs, ...) to codes on an integer grid, with a scale a channel.

    Called with the latent weight it returns the weight that training uses, which equals codes * scale.

    Args:
        bits: width of a code.
    """

    zero_free = False
    """Whether the codes are odd integers up to 2^bits - 1, instead of two's complement."""

    def __init__(self, bits: int) -> None:
        super().__init__()
        self.bits = bits

    @abc.abstractmethod
    def codes_and_scale(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """(codes of the weight's shape, scale (outputs,)), without gradient."""

    def set_progress(self, fraction: float) -> None:
        """Tells how much of the training is done, 0 to 1; most grids do not care."""
