"""Fully connected layer with quantised weights."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from edgesnn.integer.operator import Operator, parameter
from edgesnn.integer.ops import Dense
from edgesnn.layers.synapse import IntegerSynapse, Synapse


class QuantLinear(Synapse):
    """(T, batch, inputs) to (T, batch, outputs); see `Synapse` for the arguments. Becomes `Dense` (+ `Rescale`)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        weight_bits: int = 8,
        norm: bool = False,
        unit: int = 128,
        input_max: int = 1,
        folded: bool = False,
        grid: str | None = None,
        symmetric: bool = False,
    ) -> None:
        super().__init__((outputs, inputs), weight_bits, norm, unit, input_max, folded, grid, symmetric)

    def synapse_operator(self, form: IntegerSynapse) -> Operator:
        bias = parameter(form.offset.numpy() if form.multiplier is None else 0)
        return Dense(form.codes.numpy(), form.weight_bits, bias, form.zero_free)

    def product(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.linear(x, weight)
