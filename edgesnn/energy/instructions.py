"""Energy of a processor: instructions times cycles per instruction times energy per cycle."""

from __future__ import annotations

from edgesnn.energy.table import Figure, Table


def energy_of_instructions(table: Table, instructions: float) -> Figure:
    """Microjoules of `instructions` at the table's clock, supply and current.

    mA * V / MHz is nJ per cycle; bounds multiply, since the figures are independent.
    """
    figures = table.figures

    def microjoules(bound: str) -> float:
        current, supply, clock, cycles = (
            getattr(figures[key], bound) for key in ("current_ma", "supply_v", "clock_mhz", "cycles_per_instruction")
        )
        return float(instructions * cycles * current * supply / clock * 1e-3)

    return Figure(microjoules("low"), microjoules("typical"), microjoules("high"))
