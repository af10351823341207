"""Bytes that a model stores and moves: as its definition has them, and as a target has them.

    traffic = T * sum over layers of (weight bits read + 2 * state bits + spikes * address bits)

Weights are read once an addition, without reuse; every state is read and written at every step, however few neurons
fire: that is where time steps are paid for. The definition is ours, after Shen et al., CVPR 2024.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.budget.bits import LayerBits
from edgesnn.integer import Model
from edgesnn.integer.operator import StateSpec
from edgesnn.integer.ops import Conv, Dense
from edgesnn.integer.ops.neuron import Neuron
from edgesnn.integer.signal import width_for
from edgesnn.target import Stored

BYTE = 8


@dataclass(frozen=True)
class Memory:
    """Bytes. Weights, parameters (biases, scales, tables) and states are stored; the others move an inference."""

    weight_bytes: int
    parameter_bytes: int
    state_bytes: int
    state_traffic_bytes: float
    weight_traffic_bytes: float
    spike_traffic_bytes: float

    @property
    def traffic_bytes(self) -> float:
        return self.state_traffic_bytes + self.weight_traffic_bytes + self.spike_traffic_bytes

    @property
    def read_bits(self) -> float:
        return BYTE * (self.weight_traffic_bytes + self.state_traffic_bytes / 2 + self.spike_traffic_bytes)

    @property
    def written_bits(self) -> float:
        """States and spikes."""
        return BYTE * (self.state_traffic_bytes / 2 + self.spike_traffic_bytes)


def memory_of(
    model: Model,
    stored: Mapping[str, Stored],
    layers: tuple[LayerBits, ...],
    adds: Mapping[str, float],
    spikes: Mapping[str, float],
) -> Memory:
    """adds: additions of an inference by layer, as the backend executes them; spikes: by node that fires."""
    states = sum(item.state_bytes for item in stored.values())
    return Memory(
        weight_bytes=sum(item.weight_bytes for item in stored.values()),
        parameter_bytes=sum(item.parameter_bytes for item in stored.values()),
        state_bytes=states,
        state_traffic_bytes=float(model.time_steps * 2 * states),
        weight_traffic_bytes=sum(adds[layer.name] * layer.weight_bits for layer in layers) / BYTE,
        spike_traffic_bytes=sum(count * address_bits(model, name) for name, count in spikes.items()) / BYTE,
    )


def address_bits(model: Model, name: str) -> int:
    """Bits that name one element of a node's output."""
    return max(1, (model.signal(name).size - 1).bit_length())


def defined(model: Model) -> dict[str, Stored]:
    """Every node stored in just the bits that its definition asks for: what no padding and no byte adds to."""
    return {node.name: _defined(model, node.name) for node in model.nodes}


def _defined(model: Model, name: str) -> Stored:
    node = model.by_name[name]
    arrays = dict(node.op.onnx_parameters())
    bits, weights = 0, 0
    if isinstance(node.op, Dense | Conv):
        weights, bits = arrays.pop("weight").size, node.op.weight_bits
    parameters = [a for a in arrays.values() if a.any()]
    return Stored(
        weight_bits=float(bits) if weights else None,
        weight_bytes=packed(weights * bits),
        parameter_bytes=sum(packed(a.size * width_for(int(a.min()), int(a.max()))) for a in parameters),
        state_bytes=sum(packed(elements(spec) * spec.bits) for spec in model.states_of(node)),
    )


def packed(bits: int) -> int:
    """Whole bytes that hold them."""
    return -(-bits // BYTE)


def elements(spec: StateSpec) -> int:
    return math.prod(spec.shape)


def firing(model: Model) -> list[str]:
    """Nodes that spike, and are not merely passed through."""
    return [node.name for node in model.nodes if isinstance(node.op, Neuron)]
