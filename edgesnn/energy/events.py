"""Energy of an event-driven chip: synaptic operations, neuron updates and spikes, each times a figure."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.activity import Activity, neuron_spikes
from edgesnn.energy.table import Figure, Table


def energy_of_events(table: Table, counted: Mapping[str, Activity]) -> Figure:
    """Microjoules of an inference's events. A synaptic operation is one input event reaching one neuron."""
    operations = sum(item.synaptic_adds for item in counted.values())
    updates = sum(item.updates for item in counted.values())
    spikes = neuron_spikes(counted)
    figures = table.figures

    def microjoules(bound: str) -> float:
        synapse, neuron, spike = (
            getattr(figures[key], bound) for key in ("synaptic_op_pj", "neuron_update_pj", "spike_pj")
        )
        return float(operations * synapse + updates * neuron + spikes * spike) * 1e-6

    return Figure(microjoules("low"), microjoules("typical"), microjoules("high"))
