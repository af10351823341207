"""Modelled energy of arithmetic and of memory, apart, each with the table it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.activity import Activity
from edgesnn.budget.memory import Memory
from edgesnn.energy import energy_of_accesses, energy_of_operations, table
from edgesnn.energy.table import Figure, Table
from edgesnn.target import Energy

ARITHMETIC, MEMORY = "cmos45", "cmos45-memory"
UNIT = "uJ"


@dataclass(frozen=True)
class Joules:
    """Both are bare: what instruction fetch, control and clocks add is in no table of operations."""

    arithmetic: Energy
    memory: Energy

    @property
    def total(self) -> float:
        """Microjoules."""
        return self.arithmetic.value + self.memory.value


def joules(adds: float, multiplies: float, memory: Memory) -> Joules:
    """Of one inference."""
    counted = {"all": Activity(None, None, adds, multiplies, 0, 0, 0)}
    arithmetic, accesses = table(ARITHMETIC), table(MEMORY)
    return Joules(
        _energy(arithmetic, energy_of_operations(arithmetic, counted)),
        _energy(accesses, energy_of_accesses(accesses, memory.read_bits, memory.written_bits)),
    )


def _energy(source: Table, figure: Figure) -> Energy:
    return Energy(figure.typical, UNIT, source.label, source.name, figure.low, figure.high)
