"""Power meters: what they capture, when a capture is refused, and the energy of an inference between marker edges."""

from edgesnn.profiling.meters.choose import METERS, open_meter
from edgesnn.profiling.meters.integral import Window, window
from edgesnn.profiling.meters.measure import MARKERS, Measurement, Protocol, measure
from edgesnn.profiling.meters.meter import Meter
from edgesnn.profiling.meters.pulses import pulses
from edgesnn.profiling.meters.trace import Trace
from edgesnn.profiling.meters.trust import FAULTS, check

__all__ = [
    "FAULTS", "MARKERS", "METERS", "Measurement", "Meter", "Protocol", "Trace", "Window", "check", "measure",
    "open_meter", "pulses", "window",
]  # fmt: skip
