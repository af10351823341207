"""The layer that learns, and what tells it how wrong it was.

LearningDense is Lava's own. The neurons behind it are a program on a real Loihi 2: they add up, reset with each sample,
and hand on the error they are sent as the two third factors y2 and y3. The errors are computed by the host.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.neuron import LearningNeuronModelFixed
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.neuron import LearningNeuronProcess
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_network.recording import Recording
from lava_network.supervision import reporting

ONE = 127
POWERS = [round(2 ** (15 - k / 16)) for k in range(16)]
MOST_HALVINGS = 3


class TaughtMembrane(LearningNeuronProcess, AbstractProcess):
    """Potentials that only sum, and are sent as graded spikes. first, interval: as of Microcode."""

    def __init__(self, name: str, size: int, learning_rule: Any, first: int, interval: int) -> None:
        super().__init__(shape=(size,), learning_rule=learning_rule, name=name, first=first, interval=interval)
        self.a_in = InPort(shape=(size,))
        self.s_out = OutPort(shape=(size,))


@implements(proc=TaughtMembrane, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyTaughtMembrane(LearningNeuronModelFixed):
    a_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=24)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.first, self.interval = proc_params["first"], proc_params["interval"]
        self.v = np.zeros(proc_params["shape"], np.int32)

    def run_spk(self) -> None:
        with reporting(self.proc_params["name"]):
            if (self.time_step - self.first) % self.interval == 0:
                self.v = np.zeros_like(self.v)
            self.v = self.v + self.a_in.recv()
            error = self.a_third_factor_in.recv()
            self.s_out.send(self.v)
            self.s_out_bap.send(np.zeros(self.v.shape, bool))
            self.s_out_y1.send(np.zeros_like(self.v))
            self.s_out_y2.send(np.maximum(-error, 0))
            self.s_out_y3.send(np.maximum(error, 0))


class Teacher(AbstractProcess):
    """The host: it reads the potentials of a sample, knows the label, and sends an error to each class's neuron.

    The error is there at the last of a sample's `interval` steps, 0 at all others. recording: a row a sample.
    """

    def __init__(self, labels: np.ndarray, classes: int, interval: int, learning: dict[str, Any],
                 recording: Recording) -> None:  # fmt: skip
        super().__init__(name="teacher", labels=labels, interval=interval, learning=learning, recording=recording)
        self.s_in = InPort(shape=(classes,))
        self.error_out = OutPort(shape=(classes,))


@implements(proc=Teacher, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyTeacher(PyLoihiProcessModel):
    s_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
    error_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=8)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.labels, self.interval = proc_params["labels"], proc_params["interval"]
        self.learning = proc_params["learning"]
        self.log = proc_params["recording"].open()

    def run_spk(self) -> None:
        """What is sent in a step was computed from what was read in the step before."""
        with reporting("teacher"):
            sample, left = divmod(self.time_step, self.interval)
            found = np.zeros(self.error_out.shape, np.int32)
            if left == 0 and self.labels[sample - 1] >= 0:
                found = errors(self.log["v"][sample - 1], self.labels[sample - 1], sample - 1, self.learning)
            self.error_out.send(found)
            potentials = self.s_in.recv()
            if left == self.interval - 1:
                self.log["v"][sample] = potentials


def errors(potentials: np.ndarray, label: int, learned: int, constants: dict[str, Any]) -> np.ndarray:
    """The share of each class less 1 for the right one, in units of 1/127, or of twice as much for each halving."""
    softness, every = constants["softness"], constants["halve_every"]
    one = ONE >> (min(learned // every, MOST_HALVINGS) if every else 0)
    shares = []
    for behind in (int(potentials.max()) - potentials.astype(int)).tolist():
        sixteenths = min((behind << 4) >> softness, 1 << 10)
        shares.append(POWERS[sixteenths % 16] >> min(sixteenths // 16, 16))
    whole = sum(shares)
    rounded = [(2 * one * share + whole) // (2 * whole) for share in shares]
    return np.array([value - one * (k == label) for k, value in enumerate(rounded)], np.int32)
