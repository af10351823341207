"""What a run costs on Loihi 2, in events counted in simulation and bytes under stated assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from edgesnn.integer import Array, Run
from edgesnn.target import Cost, LayerCost
from edgesnn.targets.loihi.network import Group, Network, columns

SYNAPSE_BYTES = 1
STATE_WORD_BYTES = 3
STOCK_WORDS = 2
ASSUMPTIONS = (
    f"weight memory: {SYNAPSE_BYTES} byte a non-zero synapse, without routing tables or sharing of convolution kernels",
    f"state memory: {STATE_WORD_BYTES} bytes a 24-bit word; stock neurons hold u and v",
)


def cost_of(network: Network, x: Array, run: Run, folder: Path) -> Cost:
    """Means over the samples x (samples, T, *input shape), whose run recorded every observable layer."""
    emitted = {name: trace.output.reshape(*x.shape[:2], -1) for name, trace in run.traces.items()}
    emitted[network.groups[0].name] = x.reshape(*x.shape[:2], -1)
    layers = {group.name: _layer(network, group, emitted) for group in network.groups}
    operations = sum(layer.synaptic_adds or 0 for layer in layers.values())
    neurons = sum(network.model.signal(group.name).size for group in network.groups[1:] if not group.on_host)
    spikes = sum(layer.spikes or 0 for layer in layers.values())
    totals = (
        f"events an inference: {operations:.0f} synaptic operations, {neurons * x.shape[1]} neuron updates, "
        f"{spikes:.0f} spikes",
    )
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Cost(file_bytes=size, layers=layers, notes=(*totals, *ASSUMPTIONS, *network.notes()))


def _layer(network: Network, group: Group, emitted: Mapping[str, Array]) -> LayerCost:
    """Synaptic operations are counted at the layer that receives them."""
    signal, node = network.model.signal(group.name), group.layer.node
    incoming = [connection for connection in network.connections if connection.target == group.name]
    sent = np.count_nonzero(emitted[group.name], axis=2)
    operations = 0.0
    for connection in incoming:
        events = np.count_nonzero(emitted[connection.source], axis=1).mean(axis=0)
        operations += sum(float(events @ columns(synapses.mantissa)) for synapses in connection.synapses)
    return LayerCost(
        group.name,
        node.op.kind,
        signal.shape,
        weight_bytes=SYNAPSE_BYTES * sum(s.mantissa.nnz for connection in incoming for s in connection.synapses),
        state_bytes=state_words(network, group) * STATE_WORD_BYTES,
        spikes=None if group.readout else float(sent.sum(axis=1).mean()),
        rate=None if group.readout else float(sent.mean()) / signal.size,
        synaptic_adds=operations,
    )


def state_words(network: Network, group: Group) -> int:
    model = network.model
    if group.stock:
        return STOCK_WORDS * model.signal(group.name).size
    if group.on_host or not group.layer.node.inputs:
        return 0
    specs = [spec for name in group.pipeline for spec in model.states_of(model.by_name[name])]
    return sum(int(np.prod(spec.shape)) for spec in specs)
