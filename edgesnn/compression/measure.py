"""What a network costs and how often it is right, measured on its integer model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import nn

from edgesnn.activity import activity, neuron_spikes
from edgesnn.compression.entropy import rate_entropy, weight_entropy
from edgesnn.integer import Array, Model
from edgesnn.integer.ops import Conv, Dense
from edgesnn.integer.ops.synapse import weight_codes
from edgesnn.lower import lower
from edgesnn.train.data import Split
from edgesnn.train.loop import evaluate

COUNTED = 200
"""Validation samples whose operations are counted."""


@dataclass(frozen=True)
class Measurement:
    """Of one network.

    accuracy: on `samples` validation samples. weight_bytes: weights packed at their width; parameter_bytes: everything
    else that is stored (multipliers, offsets, tables, thresholds, one element each at least a byte); state_bytes:
    membrane potentials at their declared width. synaptic_ops: additions caused by spikes, per sample; spikes: likewise;
    both are means over the first validation samples. spike_entropy: bits a neuron and step, mean over neuron layers;
    weight_entropy: bits a weight, mean over synapse layers.
    """

    accuracy: float
    samples: int
    weight_bytes: int
    parameter_bytes: int
    state_bytes: int
    synaptic_ops: float
    spikes: float
    spike_entropy: float
    weight_entropy: float


def measure(network: nn.Module, validation: Split, counted: int = COUNTED) -> Measurement:
    """Lowers the network and measures it. Raises LoweringError where it has no integer model."""
    model = lower(network, "measured")
    x = model.encode(validation.samples[:counted].numpy())
    found = activity(model, x)
    rates = [item.rate for item in found.values() if item.rate is not None and item.updates]
    synapses = [node.op for node in model.nodes if isinstance(node.op, (Dense, Conv))]
    return Measurement(
        accuracy=evaluate(network, validation),
        samples=len(validation),
        weight_bytes=weight_bytes(model),
        parameter_bytes=parameter_bytes(model),
        state_bytes=state_bytes(model),
        synaptic_ops=sum(item.synaptic_adds for item in found.values()),
        spikes=neuron_spikes(found),
        spike_entropy=mean([rate_entropy(rate) for rate in rates]),
        weight_entropy=mean([weight_entropy(weight_codes(op.weight, op.zero_free)) for op in synapses]),
    )


def weight_bytes(model: Model) -> int:
    """Each layer's weights packed without gaps, rounded up to whole bytes."""
    ops = [node.op for node in model.nodes if isinstance(node.op, (Dense, Conv))]
    return sum(-(-op.weight.size * op.weight_bits // 8) for op in ops)


def parameter_bytes(model: Model) -> int:
    """Arrays other than weights, in the narrowest of 8, 16 and 32 bits; a single value is part of the program."""
    arrays = [
        array
        for node in model.nodes
        for name, array in node.op.onnx_parameters().items()
        if array.size > 1 and not (name == "weight" and isinstance(node.op, (Dense, Conv)))
    ]
    return sum(array.size * width(array) for array in arrays)


def state_bytes(model: Model) -> int:
    """States at their declared width, each rounded up to whole bytes."""
    specs = [spec for node in model.nodes for spec in model.states_of(node)]
    return sum(-(-int(np.prod(spec.shape)) * spec.bits // 8) for spec in specs)


def width(array: Array) -> int:
    """Bytes an element of the narrowest signed type that holds the values."""
    return next(size for size in (1, 2, 4) if -(1 << 8 * size - 1) <= array.min() and array.max() < 1 << 8 * size - 1)


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
