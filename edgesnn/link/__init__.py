"""The host's side of the serial link: a model on a device, driven through any port that pyserial can open."""

from edgesnn.link.device import Device
from edgesnn.link.identity import Identity
from edgesnn.link.port import Port, open_port, open_serial, wait_for
from edgesnn.link.protocol import Area, Counter, Mode, Status, Verb
from edgesnn.link.replies import Counters, Heard, Stack, StepResult, Stop

__all__ = [
    "Area", "Counter", "Counters", "Device", "Heard", "Identity", "Mode", "Port", "Stack", "Status", "StepResult",
    "Stop", "Verb", "open_port", "open_serial", "wait_for",
]  # fmt: skip
