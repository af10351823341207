"""How Loihi stores a network, under the assumptions that its cost states."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense
from edgesnn.target import Stored
from edgesnn.targets.loihi.cost import STATE_WORD_BYTES, SYNAPSE_BYTES, state_words
from edgesnn.targets.loihi.network import Group, Network

BYTE = 8
BIAS_BYTES = 2
"""A mantissa of 13 bits and an exponent of 3."""


def stored(network: Network) -> Mapping[str, Stored]:
    """Of every node that takes memory. Linear layers without a neuron between them are one set of synapses, which is
    counted at the neurons it drives; the width of its weights is said of each of those layers."""
    groups = {group.name: of_group(network, group) for group in network.groups}
    bits = {group.name: synapse_bits(network, group) for group in network.groups}
    synapses = [node.name for node in network.model.nodes if isinstance(node.op, Dense | Conv)]
    found = {name: Stored(weight_bits=max(bits[group] for group in driven(network, name))) for name in synapses}
    return {**found, **groups}


def of_group(network: Network, group: Group) -> Stored:
    incoming = [connection for connection in network.connections if connection.target == group.name]
    widths = [connection.message_bits for connection in network.connections if connection.source == group.name]
    specs = network.model.states_of(group.layer.node) if group.layer.node.inputs else ()
    size = state_words(network, group) * STATE_WORD_BYTES
    elements = sum(int(np.prod(spec.shape)) for spec in specs)
    return Stored(
        weight_bytes=SYNAPSE_BYTES * sum(s.mantissa.nnz for connection in incoming for s in connection.synapses),
        parameter_bytes=parameter_bytes(network.model, group),
        state_bits=BYTE * size / elements if elements else None,
        state_bytes=size,
        output_bits=max(1, *widths) if widths else None,  # a spike has no payload: it is its address
    )


def parameter_bytes(model: Model, group: Group) -> int:
    """Biases of stock neurons; for the others the arrays of every operator, a word an element."""
    if group.stock is not None:
        return BIAS_BYTES * int(np.size(group.stock.bias_mant)) if np.any(group.stock.bias_mant) else 0
    if group.on_host or not group.layer.node.inputs:
        return 0
    arrays = [array for name in group.pipeline for array in model.by_name[name].op.onnx_parameters().values()]
    return STATE_WORD_BYTES * sum(array.size for array in arrays)


def synapse_bits(network: Network, group: Group) -> float:
    """Bits of the widest weight that drives a group: a byte, or two where two sets of synapses add up to it."""
    incoming = [connection for connection in network.connections if connection.target == group.name]
    return BYTE * SYNAPSE_BYTES * max((len(connection.synapses) for connection in incoming), default=1)


def driven(network: Network, name: str) -> list[str]:
    """The groups that a node reaches through linear layers only."""
    found = []
    for reader in network.model.consumers(name):
        found += [reader.name] if reader.name in network.by_name else driven(network, reader.name)
    return found
