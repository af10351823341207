"""What a power meter can do. A driver is a subclass; what it captures is a Trace."""

from __future__ import annotations

import abc

from edgesnn.closing import Closing
from edgesnn.profiling.meters.trace import Trace


class Meter(Closing):
    """A connected meter; leaving it as a context closes it. Every method raises MeterError where the meter fails.

    name: for people. table: what stands in the place of an energy table's name. voltage: how the volts are known, in
    words. dead_time: what it does not see, in words.
    """

    name: str
    table: str
    voltage: str
    dead_time: str

    @abc.abstractmethod
    def arm(self) -> None:
        """Starts a capture."""

    @abc.abstractmethod
    def disarm(self) -> Trace:
        """Ends the capture and returns it, unchecked."""

    @abc.abstractmethod
    def close(self) -> None:
        """Lets go of the meter, as it is: a board that it supplies stays on."""
