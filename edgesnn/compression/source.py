"""What is compressed: a trained network, how it was trained, and the job that can build it again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from edgesnn.errors import FileError, ModelError
from edgesnn.integer import Metadata
from edgesnn.target import nearest
from edgesnn.train.job import Job
from edgesnn.train.recipe import Recipe
from edgesnn.zoo import zoo


@dataclass(frozen=True)
class Source:
    """A trained network in eval mode. job: None for a module that the caller built by hand."""

    name: str
    network: nn.Module
    training: Recipe
    metadata: Metadata
    job: Job | None


def find_source(model: str | Path | nn.Module) -> Source:
    """A zoo name, a job's .toml or .json file with its .pt beside it, or a torch module.

    Raises ModelError with the nearest zoo name, FileError where a file is missing, ConfigError where the job is wrong.
    """
    if isinstance(model, nn.Module):
        return Source(identifier(type(model).__name__), model.eval(), Recipe(), Metadata(), None)
    job, weights = job_of(model)
    if not weights.is_file():
        remedy = f"Train it with `edgesnn train {model} --out DIR`, and name DIR/{job.name}.json"
        raise FileError(str(weights), "is not there: the network is not trained", remedy)
    return Source(job.name, job.restore(weights), job.recipe, job.metadata, job)


def job_of(model: str | Path) -> tuple[Job, Path]:
    """(job, file of its float weights)."""
    path = Path(model)
    if path.suffix in (".toml", ".json"):
        return Job.load(path), path.with_suffix(".pt")
    known = zoo()
    if str(model) not in known:
        raise ModelError(
            str(model), "is neither a model of the zoo nor a .toml or .json file", nearest(str(model), known)
        )
    entry = known[str(model)]
    if entry.recipe is None:
        raise ModelError(str(model), "comes as an integer model only", "Name a model with a recipe")
    return Job.load(entry.recipe), entry.path.with_suffix(".pt")


def identifier(text: str) -> str:
    """A model's name made of a text."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40].strip("_")
    return name if name[:1].isalpha() else f"n{name}"[:40]
