"""Energy of memory traffic: bits read and written, in words of 32."""

from __future__ import annotations

from edgesnn.energy.table import Figure, Table

WORD_BITS = 32


def energy_of_accesses(table: Table, read_bits: float, written_bits: float) -> Figure:
    """Microjoules of an inference's reads and writes, packed: a word moves as many values as fit."""
    read, write = table.figures["read_pj"], table.figures["write_pj"]

    def microjoules(bound: str) -> float:
        picojoules = (read_bits * getattr(read, bound) + written_bits * getattr(write, bound)) / WORD_BITS
        return float(picojoules) * 1e-6

    return Figure(microjoules("low"), microjoules("typical"), microjoules("high"))
