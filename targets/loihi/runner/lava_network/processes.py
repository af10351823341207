"""The Lava processes of a network that Lava itself does not have: neurons that record, and neurons in microcode."""

from __future__ import annotations

from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol
from lava.proc.lif.models import PyLifResetModelBitAcc
from lava.proc.lif.process import LIFReset

from lava_network.microcode import SHARED, STATES, STEPS
from lava_network.recording import Recording
from lava_network.supervision import reporting


def stock_neurons(recording: Recording | None, **registers: Any) -> LIFReset:
    """Lava's own process; `PyRecordedLif` finds the recording among its parameters."""
    neurons = LIFReset(**registers)
    neurons.proc_params["recording"] = recording
    return neurons


class PyRecordedLif(PyLifResetModelBitAcc):
    """Lava's bit-accurate model. Its arithmetic is untouched; what it did is written down."""

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.recording = proc_params["recording"]
        self.log = self.recording.open() if self.recording else {}

    def spiking_activation(self) -> np.ndarray:
        self.spiked = super().spiking_activation()
        return self.spiked

    def run_spk(self) -> None:
        with reporting(self.proc_params["name"]):
            super().run_spk()
            write(self.recording, self.log, self.time_step, {"s": self.spiked, "u": self.u, "v": self.v})


class Microcode(AbstractProcess):
    """Neurons that compute a list of operators (`microcode.py`) on their accumulator, the last of which they emit.

    pipeline: operators with their parameters; offset: added to the accumulator; first: the time step of the
    first sample's first step here, interval: time steps a sample.
    """

    def __init__(
        self,
        name: str,
        size: int,
        pipeline: list[dict[str, Any]],
        offset: np.ndarray,
        first: int,
        interval: int,
        recording: Recording | None,
    ) -> None:
        super().__init__(
            name=name, size=size, pipeline=pipeline, offset=offset, first=first, interval=interval, recording=recording
        )
        self.a_in = InPort(shape=(size,))
        self.s_out = OutPort(shape=(size,))


@implements(proc=Microcode, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyMicrocode(PyLoihiProcessModel):
    a_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=24)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.size, self.pipeline, self.offset = (proc_params[key] for key in ("size", "pipeline", "offset"))
        self.first, self.interval = proc_params["first"], proc_params["interval"]
        self.recording = proc_params["recording"]
        self.log = self.recording.open() if self.recording else {}
        self.states = self.at_rest()

    def at_rest(self) -> list[dict[str, np.ndarray]]:
        """Zeros for every state of every operator."""
        return [
            {name: np.zeros(1 if name in SHARED else self.size, np.int64) for name in STATES[entry["op"]]}
            for entry in self.pipeline
        ]

    def run_spk(self) -> None:
        with reporting(self.proc_params["name"]):
            value = self.a_in.recv().astype(np.int64) + self.offset
            if (self.time_step - self.first) % self.interval == 0:
                self.states = self.at_rest()
            for entry, states in zip(self.pipeline, self.states, strict=True):
                value = STEPS[entry["op"]](value, states, entry)
            self.s_out.send(value.astype(np.int32))
            write(self.recording, self.log, self.time_step, {"s": value, **self.states[-1]})


def write(recording: Recording | None, log: dict[str, np.ndarray], time_step: int, seen: dict[str, np.ndarray]) -> None:
    """Writes down a time step, where there is a recording and the step belongs to a sample."""
    row = recording.row(time_step) if recording else None
    if row is not None:
        for column, array in log.items():
            array[row] = seen[column]
