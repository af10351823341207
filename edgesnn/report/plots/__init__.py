"""The plots of the HTML pages, one a file: plotly figures as dictionaries, in colours that suit light and dark."""

from edgesnn.report.plots import learning_cost
from edgesnn.report.plots.additions import additions
from edgesnn.report.plots.confusion import confusion
from edgesnn.report.plots.instructions import instructions
from edgesnn.report.plots.learned import accuracy
from edgesnn.report.plots.learning_memory import learning_memory
from edgesnn.report.plots.memory import memory
from edgesnn.report.plots.operations import operations
from edgesnn.report.plots.raster import spikes
from edgesnn.report.plots.traffic import traffic

__all__ = [
    "accuracy", "additions", "confusion", "instructions", "learning_cost", "learning_memory", "memory", "operations",
    "spikes", "traffic",
]  # fmt: skip
