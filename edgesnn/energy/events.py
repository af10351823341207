"""Energy of an event-driven chip: synaptic operations, neuron updates and spikes, each times a figure."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.activity import Activity, neuron_spikes
from edgesnn.energy.table import Figure, Table


def energy_of_events(table: Table, counted: Mapping[str, Activity]) -> Figure:
    """Microjoules of an inference's events. A synaptic operation is one input event reaching one neuron."""
    return energy_of_counts(
        table,
        {
            "synaptic_op": sum(item.synaptic_adds for item in counted.values()),
            "neuron_update": sum(item.updates for item in counted.values()),
            "spike": neuron_spikes(counted),
        },
    )


def energy_of_counts(table: Table, events: Mapping[str, float]) -> Figure:
    """Microjoules of so many events, by name: synaptic_op, neuron_update, spike, synaptic_update."""

    def microjoules(bound: str) -> float:
        figures = {name: getattr(table.figures[f"{name}_pj"], bound) for name in events}
        return float(sum(number * figures[name] for name, number in events.items())) * 1e-6

    return Figure(microjoules("low"), microjoules("typical"), microjoules("high"))
