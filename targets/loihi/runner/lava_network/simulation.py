"""Builds the network in Lava, runs samples back to back through it, and reads what was recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from lava_network.compatibility import hashable_lava_dataclasses
from lava_network.description import Description
from lava_network.microcode import SHARED
from lava_network.readout import READOUTS
from lava_network.recording import Recording
from lava_network.supervision import supervised

with hashable_lava_dataclasses():
    from lava.magma.core.run_conditions import RunSteps
    from lava.magma.core.run_configs import Loihi2SimCfg
    from lava.proc.io.source import RingBuffer
    from lava.proc.lif.process import LIFReset
    from lava.proc.sparse.process import DelaySparse, Sparse
    from lava.utils.weightutils import SignMode
    from scipy.sparse import csr_matrix

    from lava_network.processes import Microcode, PyRecordedLif, stock_neurons


def run(description: Description, x: np.ndarray, record: Collection[str]) -> dict[str, np.ndarray]:
    """x (samples, time steps, inputs) from a reset state each, to the arrays that run.py documents."""
    with tempfile.TemporaryDirectory(prefix="edgesnn-lava-") as folder:
        wanted = {*record, description.readout["name"], *sources_of_readout(description)}
        recordings = make_recordings(description, x, wanted, Path(folder))
        simulate(description, x, recordings)
        return results(description, x, record, recordings)


def simulate(description: Description, x: np.ndarray, recordings: dict[str, Recording]) -> None:
    samples, steps, _ = x.shape
    processes = make_network(description, x, recordings)
    lag = max(layer["depth"] for layer in description.layers)
    with supervised():
        source = processes[description.input["name"]]
        source.run(condition=RunSteps(num_steps=samples * steps + lag), run_cfg=models())
        source.stop()


def models() -> Any:
    """Which models run the processes: Lava's in fixed point, and ours."""
    return Loihi2SimCfg(select_tag="fixed_pt", exception_proc_model_map={LIFReset: PyRecordedLif})


def make_network(description: Description, x: np.ndarray, recordings: dict[str, Recording]) -> dict[str, Any]:
    """Processes by name, connected: the samples' source, and the layers that are not the host's."""
    samples, steps, _ = x.shape
    source = RingBuffer(data=np.ascontiguousarray(x.reshape(samples * steps, -1).T))
    processes: dict[str, Any] = {description.input["name"]: source}
    for layer in description.layers:
        if layer["kind"] not in ("host", "taught"):
            processes[layer["name"]] = make_layer(description, layer, steps, recordings.get(layer["name"]))
    for connection in description.connections:
        synapses = make_synapses(description, connection)
        processes[connection["from"]].s_out.connect(synapses.s_in)
        synapses.a_out.connect(processes[connection["to"]].a_in)
    return processes


def make_layer(description: Description, layer: dict[str, Any], steps: int, recording: Recording | None) -> Any:
    name, size, first = layer["name"], layer["size"], layer["depth"] + 1
    arrays = description.arrays
    if layer["kind"] == "lif":
        return stock_neurons(
            recording,
            **{register: layer[register] for register in ("name", "du", "dv", "vth")},
            **{register: arrays[f"{name}.{register}"].astype(np.int32) for register in ("bias_mant", "bias_exp")},
            shape=(size,),
            reset_interval=steps,
            reset_offset=first % steps,
        )
    pipeline = [with_arrays(entry, arrays) for entry in layer["pipeline"]]
    return Microcode(name, size, pipeline, arrays[f"{name}.synaptic_bias"].astype(np.int64), first, steps, recording)


def with_arrays(entry: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """An operator's parameters, its arrays looked up by the names that network.json gives."""
    return {**entry, **{field: arrays[key].astype(np.int64) for field, key in entry["arrays"].items()}}


def make_synapses(description: Description, connection: dict[str, Any]) -> Any:
    key, shape = connection["array"], tuple(connection["shape"])
    parts = [description.arrays[f"{key}.{part}"] for part in ("data", "indices", "indptr")]
    weights = csr_matrix((parts[0].astype(np.int32), parts[1], parts[2]), shape)
    options = {
        "weights": weights, "weight_exp": connection["weight_exp"], "num_weight_bits": 8,
        "num_message_bits": connection["message_bits"], "sign_mode": SignMode.MIXED,
    }  # fmt: skip
    if not connection["delay"]:
        return Sparse(**options)
    delays = weights.copy()
    delays.data = np.full(weights.nnz, connection["delay"], np.int64)
    return DelaySparse(**options, delays=delays, max_delay=connection["delay"])


def sources_of_readout(description: Description) -> list[str]:
    """Layers whose spikes the host's readout needs."""
    readout = description.readout
    return [part["from"] for part in readout["spikes"]] if readout["kind"] == "host" else []


def make_recordings(
    description: Description, x: np.ndarray, wanted: Collection[str], folder: Path
) -> dict[str, Recording]:
    made = {}
    for layer in description.layers:
        name = layer["name"]
        if name in wanted and layer["kind"] != "host":
            columns = ("s", *(column for column in layer["states"] if column != "s"))
            made[name] = Recording(folder, name, columns, x.shape[0] * x.shape[1], layer["size"], layer["depth"])
            made[name].create()
    return made


def results(
    description: Description, x: np.ndarray, record: Collection[str], recordings: dict[str, Recording]
) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for layer in description.layers:
        if layer["name"] in {*record, description.readout["name"]}:
            kept = host_columns(description, layer, x, recordings) or chip_columns(layer, len(x), recordings)
            arrays |= {f"{layer['name']}.{column}": array.astype(np.int32) for column, array in kept.items()}
    name = description.readout["name"]
    final = {"output": arrays[f"{name}.output"][:, -1]}
    return final | {key: array for key, array in arrays.items() if key.split(".")[0] in record}


def chip_columns(layer: dict[str, Any], samples: int, recordings: dict[str, Recording]) -> dict[str, np.ndarray]:
    """Output and states of a layer on the chip, in the model's units: Lava's may be shifted left."""
    recording, shift = recordings[layer["name"]], layer["shift"]
    columns = {name: recording.read(name, samples) >> shift for name in layer["states"]}
    columns |= {name: columns[name][:, :, :1] for name in SHARED if name in columns}
    emitted = columns["v"] if layer["emits"] == "v" else recording.read("s", samples)
    return {"output": emitted, **columns}


def host_columns(
    description: Description, layer: dict[str, Any], x: np.ndarray, recordings: dict[str, Recording]
) -> dict[str, np.ndarray]:
    if layer["kind"] != "host":
        return {}
    spikes = np.zeros((*x.shape[:2], layer["size"]), np.int64)
    for part in layer["spikes"]:
        seen = x if part["from"] == description.input["name"] else recordings[part["from"]].read("s", len(x))
        rows, columns = (description.arrays[f"{part['array']}.{side}"] for side in ("rows", "columns"))
        spikes[:, :, rows] += seen[:, :, columns]
    return READOUTS[layer["op"]](spikes, layer)
