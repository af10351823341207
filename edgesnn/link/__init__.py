"""The host's side of the serial link: a model on a device, driven through any port that pyserial can open."""

from edgesnn.link.device import Device
from edgesnn.link.identity import Identity
from edgesnn.link.line import Line, LineLostError, known_ports, open_line
from edgesnn.link.port import Port, open_port
from edgesnn.link.protocol import Area, Counter, Held, Learn, Mode, Status, Verb
from edgesnn.link.replies import Counters, Heard, Labelled, Stack, StepResult, Stop, Stored

__all__ = [
    "Area", "Counter", "Counters", "Device", "Heard", "Held", "Identity", "Labelled", "Learn", "Line", "LineLostError",
    "Mode", "Port", "Stack", "Status", "StepResult", "Stop", "Stored", "Verb", "known_ports", "open_line", "open_port",
]  # fmt: skip
