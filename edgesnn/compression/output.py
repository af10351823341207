"""The files that a run leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from edgesnn.compression.compress import Compressed
from edgesnn.compression.source import Source
from edgesnn.files import replacing, write_text
from edgesnn.integer import file as model_file
from edgesnn.records import json_text


def write(done: Compressed, source: Source, folder: Path) -> Compressed:
    """The integer model, the float weights, the job that builds the network again, and the report."""
    model_file.save(done.model, folder / f"{done.name}.onnx")
    with replacing(folder / f"{done.name}.pt") as part:
        torch.save(done.network.state_dict(), part)
    write_text(folder / f"{done.name}.json", json_text(job_tables(done, source, folder)))
    files = tuple(f"{done.name}.{ending}" for ending in ("onnx", "pt", "json", "report.json"))
    written = dataclasses.replace(done, folder=folder, files=files)
    write_text(folder / files[-1], json_text(written))
    return written


def job_tables(done: Compressed, source: Source, folder: Path) -> Mapping[str, Any]:
    """What `Job.load` reads; without the network's class where the caller built it by hand."""
    recorded = done.model.metadata.recipe
    if source.job is None:
        return recorded
    return {**source.job.to_dict(folder), "stages": recorded["stages"]}
