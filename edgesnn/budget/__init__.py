"""Bit budget: what time steps, spike bits and weight bits cost together, as defined and as every target stores them."""

from edgesnn.budget.allocate import Allocation, allocate
from edgesnn.budget.analyse import Budget, analyse
from edgesnn.budget.bits import LayerBits, layers_of
from edgesnn.budget.effort import Effort, effort
from edgesnn.budget.rows import Row

__all__ = ["Allocation", "Budget", "Effort", "LayerBits", "Row", "allocate", "analyse", "effort", "layers_of"]
