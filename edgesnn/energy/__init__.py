"""Energy, honestly: tables as data with their source, and the models that use them.

Three kinds of figure, never mixed and always labelled: measured, modelled (counts times a table of a real part) and
arithmetic only (counts times the energy of bare operations; a processor needs hundreds of times more).
"""

from edgesnn.energy.estimate import estimates
from edgesnn.energy.table import Table, tables

__all__ = ["Table", "estimates", "tables"]
