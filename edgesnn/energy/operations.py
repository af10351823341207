"""Energy of bare arithmetic: additions and multiplications, with no memory, control or clock around them."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.activity import Activity
from edgesnn.energy.table import Figure, Table


def energy_of_operations(table: Table, counted: Mapping[str, Activity]) -> Figure:
    """Microjoules of an inference's additions and multiplications, event-driven."""
    additions = sum(item.synaptic_adds + item.updates for item in counted.values())
    products = sum(item.synaptic_multiplies + item.multiplies for item in counted.values())
    add, multiply = table.figures["add_pj"], table.figures["multiply_pj"]

    def microjoules(bound: str) -> float:
        return float(additions * getattr(add, bound) + products * getattr(multiply, bound)) * 1e-6

    return Figure(microjoules("low"), microjoules("typical"), microjoules("high"))
