"""Energy, honestly: tables as data with their source, and the models that use them.

Three kinds of figure, never mixed and always labelled: measured, modelled (counts times a table of a real part) and
arithmetic only (counts times the energy of bare operations; a processor needs hundreds of times more).
"""

from edgesnn.energy.accesses import energy_of_accesses
from edgesnn.energy.estimate import estimates
from edgesnn.energy.operations import energy_of_operations
from edgesnn.energy.table import Table, table, tables

__all__ = ["Table", "energy_of_accesses", "energy_of_operations", "estimates", "table", "tables"]
