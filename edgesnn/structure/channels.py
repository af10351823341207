"""Channels that a layer keeps: the others are cut out of its weights, not masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from edgesnn.errors import ModelError
from edgesnn.layers import Synapse
from edgesnn.layers.conv import QuantConv
from edgesnn.layers.synapse import IntegerSynapse
from edgesnn.structure.change import CHANGES, Change, synapse_at


@CHANGES.register("keep_channels")
@dataclass(frozen=True)
class KeepChannels(Change):
    """A synapse layer keeps these outputs and inputs, by index, in this order; None keeps all."""

    layer: str
    outputs: tuple[int, ...] | None = None
    inputs: tuple[int, ...] | None = None

    def apply(self, network: nn.Module) -> None:
        synapse = synapse_at(network, self.layer)
        rows, columns = synapse.weight.shape[:2]
        for kept, size in ((self.outputs, rows), (self.inputs, columns)):
            if kept is not None and (not kept or min(kept) < 0 or max(kept) >= size):
                raise ModelError(
                    self.layer, f"has {size} channels, not those of {list(kept)!s:.80}", "Correct the list"
                )
        keep_channels(synapse, self.outputs, self.inputs)


def keep_channels(synapse: Synapse, outputs: Sequence[int] | None, inputs: Sequence[int] | None) -> None:
    """Cuts weights, bias and normalisation down. A depthwise convolution loses the inputs of its outputs with them."""
    synapse.weight = _cut(synapse.weight, outputs, inputs)
    if synapse.bias is not None:
        synapse.bias = _cut(synapse.bias, outputs)
    if synapse.norm is not None:
        norm = synapse.norm
        norm.weight, norm.bias = _cut(norm.weight, outputs), _cut(norm.bias, outputs)
        norm.mean, norm.var = (_chosen(buffer, outputs) for buffer in (norm.mean, norm.var))
    if isinstance(synapse, QuantConv) and synapse.groups > 1 and outputs is not None:
        synapse.groups = len(outputs)
    synapse.train(synapse.training)  # drops the integer form of the uncut layer


def cut_form(form: IntegerSynapse, outputs: Sequence[int] | None, inputs: Sequence[int] | None) -> IntegerSynapse:
    """The integer form with the same codes, multipliers and offsets for the channels kept."""
    multiplier = None if form.multiplier is None else _chosen(form.multiplier, outputs)
    codes, offset = _chosen(form.codes, outputs, inputs), _chosen(form.offset, outputs)
    return IntegerSynapse(codes, form.weight_bits, form.zero_free, offset, multiplier, form.shift)


def _cut(parameter: nn.Parameter, *kept: Sequence[int] | None) -> nn.Parameter:
    return nn.Parameter(_chosen(parameter.detach(), *kept), requires_grad=parameter.requires_grad)


def _chosen(value: Tensor, *kept: Sequence[int] | None) -> Tensor:
    """The kept indices of each leading axis; None keeps all."""
    for axis, indices in enumerate(kept):
        if indices is not None:
            value = value.index_select(axis, torch.tensor(indices))
    return value.clone()
