"""Models that are little more than a front end, and their C on this computer with sanitizers."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgesnn.encode import FrontEnd, to_dict
from edgesnn.integer import Encoding, Metadata, Model, Node
from edgesnn.integer.ops import Dense, Input, Membrane
from edgesnn.targets.mcu import codegen

HERE = Path(__file__).parent
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZERS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
END = 0xFFFFFFFF

Int16 = npt.NDArray[np.int16]
Spikes = npt.NDArray[np.int8]


def ear(front_end: FrontEnd, name: str = "ear", classes: int = 2) -> Model:
    """A model that adds up its front end's spikes with weights +1 and -1."""
    weights = np.where(np.arange(classes * front_end.channels).reshape(classes, -1) % 3, 1, -1)
    nodes = (
        Node("spikes", Input((front_end.channels,), -1, 1)),
        Node("head", Dense(weights), ("spikes",)),
        Node("scores", Membrane(), ("head",)),
    )
    encoding = Encoding(raw_low=-1, raw_high=1, shift=0, repeat=False)
    metadata = Metadata(front_end=to_dict(front_end))
    return Model(name, nodes, front_end.steps, encoding=encoding, metadata=metadata)


class Ear:
    """The generated C of a front end, compiled with warnings as errors and sanitizers."""

    def __init__(self, front_end: FrontEnd, folder: Path) -> None:
        self.front_end, self.program = front_end, folder / "hear"
        codegen.write(ear(front_end), folder / "model")
        sources = [HERE / "hear.c", *sorted((folder / "model").glob("*.c"))]
        command = ["gcc", *STRICT, *SANITIZERS, "-iquote", folder / "model", *sources, "-o", self.program]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def hear(self, recordings: Iterable[Iterable[Int16]]) -> Spikes:
        """Spikes (recordings, steps, channels) of recordings given in chunks."""
        fed, count = bytearray(), 0
        for chunks in recordings:
            count += 1
            for chunk in chunks:
                values = np.ascontiguousarray(chunk, np.int16).ravel()
                fed += struct.pack("=I", values.size) + values.tobytes()
            fed += struct.pack("=I", END)
        command = [str(self.program), str(self.front_end.channels)]
        done = subprocess.run(command, input=bytes(fed), capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        return np.frombuffer(done.stdout, np.int8).reshape(count, self.front_end.steps, self.front_end.channels)
