"""What a layer hears over all steps of a batch, and what it learns from it: dense spikes, or one spike an input."""

from __future__ import annotations

import torch
from torch import Tensor


class InputSpikes:
    """At most one spike an input: its step (batch, inputs), or `steps` or more for none.

    A matrix of spikes would be all but empty: with 16 steps and the 100 bright pixels of a digit, 0.8 % of it are ones.

    Args:
        times: (batch, inputs), integers.
        steps: after which nothing is heard.
        like: a tensor that says the dtype and the device of what is multiplied.
    """

    def __init__(self, times: Tensor, steps: int, like: Tensor) -> None:
        self.steps, (self.batch, self.inputs) = steps, times.shape
        sample, place = (times < steps).nonzero(as_tuple=True)
        where = torch.stack((times[sample, place] * self.batch + sample, place))
        ones = torch.ones(len(sample), dtype=like.dtype, device=like.device)
        size = (steps * self.batch, self.inputs)
        self.matrix = torch.sparse_coo_tensor(where, ones, size, check_invariants=False).coalesce()

    def currents(self, weight: Tensor) -> Tensor:
        """(T, batch, outputs)."""
        flat: Tensor = self.matrix @ weight.T
        return flat.view(self.steps, self.batch, -1)


def currents(x: Tensor | InputSpikes, weight: Tensor) -> Tensor:
    """(T, batch, outputs) for spikes (T, batch, inputs) and weights (outputs, inputs)."""
    return x.currents(weight) if isinstance(x, InputSpikes) else x @ weight.T


def weight_gradient(errors: Tensor, x: Tensor | InputSpikes) -> Tensor:
    """Sum over steps and samples of errors (T, batch, outputs) times inputs (T, batch, inputs)."""
    flat = errors.flatten(0, 1)
    if not isinstance(x, InputSpikes):
        return flat.T @ x.flatten(0, 1)
    by_input: Tensor = x.matrix.t() @ flat
    return by_input.T
