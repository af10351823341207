"""Networks that a learning rule of their own trains: what the training loop leaves to them."""

from __future__ import annotations

import abc

from torch import Tensor, nn

from edgesnn.integer import Metadata, Model
from edgesnn.lower.lower import lower


class ByRule(nn.Module, abc.ABC):
    """Takes raw samples; gives logits (1, batch, classes) in training and, in eval mode, scores by which its integer
    model decides."""

    @abc.abstractmethod
    def begin(self, samples: Tensor) -> None:
        """Before the first step: looks at some raw samples."""

    @abc.abstractmethod
    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """What training makes small; logits as it gave them."""

    @abc.abstractmethod
    def adapt(self) -> None:
        """After every step: moves what gradients do not."""

    @abc.abstractmethod
    def lowered(self, name: str, metadata: Metadata) -> Model:
        """Its integer model. Raises RangeError where a sum may leave 32 bits."""


def integer_model(network: nn.Module, name: str, metadata: Metadata) -> Model:
    """The integer model of any network that can be trained. Raises as `lower` and `ByRule.lowered`."""
    if isinstance(network, ByRule):
        return network.lowered(name, metadata)
    return lower(network, name, metadata)
