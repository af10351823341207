"""Labelled samples, one after the other, through a network whose last layer learns."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from lava_network.compatibility import hashable_lava_dataclasses
from lava_network.description import Description
from lava_network.recording import Recording
from lava_network.simulation import make_network, models
from lava_network.supervision import supervised

with hashable_lava_dataclasses():
    from lava.magma.core.learning.learning_rule import Loihi3FLearningRule
    from lava.magma.core.run_conditions import RunSteps
    from lava.proc.dense.process import LearningDense
    from lava.utils.weightutils import SignMode

    from lava_network.teaching import TaughtMembrane, Teacher


def teach(
    description: Description, x: np.ndarray, labels: np.ndarray, record: Collection[str]
) -> dict[str, np.ndarray]:
    """x (samples, time steps, inputs) to the arrays that run.py documents. Each sample takes `slot` time steps."""
    slot = description.learning["slot"]
    padded = np.zeros((len(x), slot, x.shape[2]), x.dtype)
    padded[:, : x.shape[1]] = x
    with tempfile.TemporaryDirectory(prefix="edgesnn-lava-") as folder:
        teacher = Recording(Path(folder), "teacher", ("v",), len(x), description.readout["size"], 0)
        kept = {
            layer["name"]: Recording(Path(folder), layer["name"], ("s",), len(x) * slot, layer["size"], layer["depth"])
            for layer in description.layers
            if layer["name"] in record
        }
        for recording in (teacher, *kept.values()):
            recording.create()
        weight = simulate(description, padded, labels, kept, teacher)
        spikes = {f"{name}.spikes": part.read("s", len(x)).sum((1, 2)) for name, part in kept.items()}
        found = {"output": teacher.open()["v"], "weight": weight, **spikes}
        return {name: np.array(array, np.int32) for name, array in found.items()}


def simulate(
    description: Description, x: np.ndarray, labels: np.ndarray, kept: dict[str, Recording], teacher: Recording
) -> np.ndarray:
    """The weights after the last sample."""
    samples, slot, _ = x.shape
    processes = make_network(description, x, kept)
    synapses = make_taught(description, processes, labels, slot, teacher)
    with supervised():
        source = processes[description.input["name"]]
        source.run(condition=RunSteps(num_steps=samples * slot), run_cfg=models())
        weight: np.ndarray = synapses.weights.get()
        source.stop()
    return weight


def make_taught(
    description: Description, processes: dict[str, Any], labels: np.ndarray, slot: int, recording: Recording
) -> Any:
    """The last layer and its teacher, connected to the layer before; returns the synapses that learn."""
    learning, layer = description.learning, description.readout
    rule = Loihi3FLearningRule(**learning["rule"])
    weights = description.arrays[learning["array"]].astype(np.int32)
    synapses = LearningDense(weights=weights, learning_rule=rule, sign_mode=SignMode.MIXED, name="learning")
    neurons = TaughtMembrane(layer["name"], layer["size"], rule, layer["depth"] + 1, slot)
    teacher = Teacher(labels, layer["size"], slot, learning, recording)
    processes[learning["from"]].s_out.connect(synapses.s_in)
    synapses.a_out.connect(neurons.a_in)
    neurons.s_out_bap.connect(synapses.s_in_bap)
    neurons.s_out_y1.connect(synapses.s_in_y1)
    neurons.s_out_y2.connect(synapses.s_in_y2)
    neurons.s_out_y3.connect(synapses.s_in_y3)
    neurons.s_out.connect(teacher.s_in)
    teacher.error_out.connect(neurons.a_third_factor_in)
    return synapses
