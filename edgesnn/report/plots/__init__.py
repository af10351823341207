"""The plots of the HTML page, one a file: plotly figures as dictionaries, in colours that suit light and dark."""

from edgesnn.report.plots.additions import additions
from edgesnn.report.plots.confusion import confusion
from edgesnn.report.plots.instructions import instructions
from edgesnn.report.plots.memory import memory
from edgesnn.report.plots.raster import spikes

__all__ = ["additions", "confusion", "instructions", "memory", "spikes"]
