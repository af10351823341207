"""A training job: a recipe file names a network, how to train it, and what to write into its model file."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from edgesnn import datasets
from edgesnn.errors import ConfigError, FileError, ModelError
from edgesnn.files import replacing
from edgesnn.integer import Metadata, Model
from edgesnn.integer import file as model_file
from edgesnn.lower import lower
from edgesnn.progress import Progress, silent
from edgesnn.target import nearest
from edgesnn.train.loop import Split, Trained, Trainer
from edgesnn.train.processes import process_group
from edgesnn.train.recipe import Recipe
from edgesnn.zoo import zoo

Tell = Callable[[str], None]

TABLES = ("network", "training", "model")


@dataclass(frozen=True)
class Job:
    """What a recipe file says. `network` holds "class" = "module:Name" and that class's arguments."""

    name: str
    network: Mapping[str, Any]
    recipe: Recipe
    metadata: Metadata

    @staticmethod
    def load(path: Path, **changes: Any) -> Job:
        """The job of a recipe file; `changes` replace keys of its [training] table where they are not None.

        Raises FileError where the file cannot be read, ConfigError where it says something unknown.
        """
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FileError(str(path), f"is no readable TOML ({error})", "Correct the file") from None
        for key in tables:
            if key not in TABLES:
                raise ConfigError(str(path), f"unknown table [{key}]", nearest(key, TABLES))
        training = {**tables.get("training", {}), **{k: v for k, v in changes.items() if v is not None}}
        recipe = Recipe.of(training)
        described = tables.get("model", {})
        known = {"description", "licence", "source", "dt_s"}
        for key in described:
            if key not in known:
                raise ConfigError(str(path), f"unknown key {key!r} in [model]", nearest(key, known))
        network = tables.get("network", {})
        if not isinstance(network.get("class"), str):
            raise ConfigError(str(path), "[network] has no class", 'Write class = "module:ClassName"')
        known_data = datasets.dataset(recipe.dataset)
        metadata = Metadata(
            **described,
            classes=known_data.classes,
            task=known_data.name,
            training_data=f"{known_data.name} train sha256:{known_data.train.samples.sha256}",
            recipe={"network": dict(network), "training": recipe.to_dict()},
        )
        return Job(path.stem, network, recipe, metadata)

    def build(self) -> nn.Module:
        """The untrained network, from this recipe's seed. Raises ConfigError where its class cannot be made."""
        torch.manual_seed(self.recipe.seed)
        arguments = {key: value for key, value in self.network.items() if key != "class"}
        module, _, name = self.network["class"].partition(":")
        if str(Path.cwd()) not in sys.path:
            sys.path.append(str(Path.cwd()))  # a user's own network lies beside the recipe
        try:
            network = getattr(importlib.import_module(module), name)(**arguments)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise ConfigError(self.network["class"], f"cannot be built ({error})", "Correct [network]") from error
        assert isinstance(network, nn.Module)
        return network

    def splits(self) -> tuple[Split, Split]:
        """(fit, validation) of the job's data set."""
        return _split(self.recipe.dataset, "fit", self.recipe.limit), _split(self.recipe.dataset, "validation", None)

    def run(self, folder: Path, progress: Progress = silent, tell: Tell | None = None) -> Finished:
        """Trains, lowers and writes `<name>.onnx` and `<name>.pt` into the folder; resumes from its checkpoint."""
        network = self.build()
        fit, validation = self.splits()
        checkpoint = folder / f"{self.name}.checkpoint"
        with process_group() as (rank, world):
            trainer = Trainer(network, self.recipe, fit, validation, checkpoint, rank, world)
            trained = trainer.train(progress, tell) if rank == 0 else trainer.train()
            model = lower(network, self.name, self.metadata)
            if rank == 0:
                write(network, model, folder)
        return Finished(self.name, folder / f"{self.name}.onnx", model, trained)


@dataclass(frozen=True)
class Finished:
    """A trained model, where its file is, and how training went."""

    name: str
    path: Path
    model: Model
    trained: Trained


def write(network: nn.Module, model: Model, folder: Path) -> None:
    """The integer model and, for those who go on with it in torch, the float weights."""
    folder.mkdir(parents=True, exist_ok=True)
    model_file.save(model, folder / f"{model.name}.onnx")
    with replacing(folder / f"{model.name}.pt") as part:
        torch.save(network.state_dict(), part)


def _split(name: str, split: str, limit: int | None) -> Split:
    samples, labels = datasets.load(name, split, limit)
    return Split(torch.from_numpy(samples.copy()), torch.from_numpy(labels.copy()))


def pretrained(name: str) -> nn.Module:
    """A trained network of the zoo as a torch module, in eval mode: its output is the integer model's, bit for bit.

    Raises ModelError for an unknown name, FileError where the model comes without float weights.
    """
    known = zoo()
    if name not in known:
        raise ModelError(name, "is no model of the zoo", nearest(name, known))
    recipe, weights = known[name].recipe, known[name].path.with_suffix(".pt")
    if recipe is None or not weights.is_file():
        raise FileError(str(weights), "is not there", "This model comes as an integer model only")
    network = Job.load(recipe).build()
    network.load_state_dict(torch.load(weights, weights_only=True))
    return network.eval()
