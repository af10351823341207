"""A second network like the first."""

from __future__ import annotations

import copy
from typing import TypeVar

from torch import nn

from edgesnn.layers import Neuron

N = TypeVar("N", bound=nn.Module)


def copied(network: N) -> N:
    """A copy with weights of its own. Rates of the last batch, which carry a gradient, are forgotten in both."""
    for module in network.modules():
        if isinstance(module, Neuron):
            module.rate = None
    return copy.deepcopy(network)
