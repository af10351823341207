"""The files of a bundle: network.json says what there is, network.npz holds its arrays."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FORMAT = "edgesnn-lava-network"
VERSION = 1
ARRAY_BYTES_MAX = 1 << 30


@dataclass(frozen=True)
class Description:
    """input: name, size, low, high. layers and connections: as network.json lists them. arrays: network.npz.

    learning: of the last layer, whose synapses are not among the connections; None where nothing learns.
    """

    model: str
    time_steps: int
    streaming: bool
    input: dict[str, Any]
    layers: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    arrays: dict[str, np.ndarray]
    learning: dict[str, Any] | None = None

    @property
    def names(self) -> list[str]:
        """Layers that can be recorded, in order."""
        return [layer["name"] for layer in self.layers]

    @property
    def readout(self) -> dict[str, Any]:
        return self.layers[-1]

    @staticmethod
    def read(json_file: Path, npz_file: Path) -> Description:
        """Raises ValueError where the files are no network of this version."""
        text = json.loads(json_file.read_text(encoding="utf-8"))
        if text.get("format") != FORMAT or text.get("version") != VERSION:
            raise ValueError(f"{json_file} is no {FORMAT} of version {VERSION}")
        fields = ("model", "time_steps", "streaming", "input", "layers", "connections")
        found = {name: text[name] for name in fields}
        return Description(**found, arrays=read_arrays(npz_file), learning=text.get("learning"))


def read_arrays(file: Path) -> dict[str, np.ndarray]:
    """All arrays of an .npz file, unless they are too large or hold objects."""
    if file.stat().st_size > ARRAY_BYTES_MAX:
        raise ValueError(f"{file} is larger than {ARRAY_BYTES_MAX} bytes")
    with np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def read_labels(file: Path, description: Description, samples: int) -> np.ndarray:
    """One class a sample, or -1 for one that is not to be learned; empty where the network does not learn."""
    if description.learning is None:
        return np.zeros(0, np.int32)
    labels = read_arrays(file)["labels"]
    classes = description.readout["size"]
    if labels.shape != (samples,) or labels.dtype.kind not in "iu" or labels.min() < -1 or labels.max() >= classes:
        raise ValueError(f"labels of shape {labels.shape} and type {labels.dtype} are not {samples} classes")
    return labels.astype(np.int32)


def read_samples(file: Path, description: Description) -> np.ndarray:
    """x (samples, time steps, inputs), int32, within the model's input range."""
    x = read_arrays(file)["x"]
    source, most = description.input, description.time_steps
    if x.ndim != 3 or x.shape[2] != source["size"] or 0 in x.shape or x.dtype.kind not in "iu":
        raise ValueError(f"x of shape {x.shape} and type {x.dtype} is not integers (samples, steps, {source['size']})")
    if not description.streaming and x.shape[1] > most:
        raise ValueError(f"samples of {x.shape[1]} time steps; this network is proven for {most}")
    if x.min() < source["low"] or x.max() > source["high"]:
        raise ValueError(f"x from {x.min()} to {x.max()} leaves [{source['low']}, {source['high']}]")
    return x.astype(np.int32)


def write_result(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """All or nothing: a reader never sees half a file."""
    part = file.with_name(f".{file.name}.part")
    with open(part, "wb") as stream:
        np.savez(stream, **arrays)
    os.replace(part, file)
