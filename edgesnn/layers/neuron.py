"""What spiking neuron layers share: a threshold in integer units, and the firing rate of the last training batch."""

from __future__ import annotations

import abc

from torch import Tensor, nn

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape


class Neuron(nn.Module, abc.ABC):
    """Spikes (T, batch, ...) from integer currents (T, batch, ...).

    After a forward pass in training, `rate` is the mean firing rate with its gradient, for rate regularisation.
    """

    def __init__(self, unit: int) -> None:
        super().__init__()
        self.unit = unit
        self.rate: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return self.exact(x)
        spikes = self.trained(x)
        self.rate = self.rate_of(spikes)
        return spikes

    def rate_of(self, spikes: Tensor) -> Tensor:
        """The mean firing rate."""
        return spikes.mean()

    @abc.abstractmethod
    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        """The integer operator that this layer is."""

    @abc.abstractmethod
    def trained(self, x: Tensor) -> Tensor:
        """Spikes with surrogate gradients."""

    @abc.abstractmethod
    def exact(self, x: Tensor) -> Tensor:
        """Spikes of the integer model, bit for bit."""
