"""A training job: a recipe file names a network, how to train it, and what to write into its model file."""

from __future__ import annotations

import dataclasses
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from edgesnn import encode, structure
from edgesnn.errors import ConfigError, FileError, ModelError
from edgesnn.files import replacing, write_text
from edgesnn.integer import Metadata, Model
from edgesnn.integer import file as model_file
from edgesnn.progress import Progress, silent
from edgesnn.records import json_text
from edgesnn.target import nearest
from edgesnn.train import data
from edgesnn.train.by_rule import integer_model
from edgesnn.train.data import Split
from edgesnn.train.distil import Teacher
from edgesnn.train.lesson import Lesson
from edgesnn.train.loop import Trained, Trainer
from edgesnn.train.processes import process_group
from edgesnn.train.recipe import Recipe
from edgesnn.train.recordings import Copies
from edgesnn.train.tables import read_tables, record_of
from edgesnn.zoo import zoo

Tell = Callable[[str], None]

TABLES = ("network", "training", "distillation", "model", "stages", "front_end")
DESCRIBED = ("description", "licence", "source", "dt_s")


@dataclass(frozen=True)
class Job:
    """What a recipe file says.

    network: "class" = "module:Name" and that class's arguments. stages: what compression does after training; where it
    has been done, each has its `outcome`, the changes of structure that it made. folder: where the file lies. lesson:
    who teaches the network besides the labels.
    """

    name: str
    network: Mapping[str, Any]
    recipe: Recipe
    metadata: Metadata
    stages: tuple[dict[str, Any], ...] = ()
    folder: Path = Path(".")
    lesson: Lesson | None = None

    @staticmethod
    def load(path: Path, **changes: Any) -> Job:
        """The job of a TOML or JSON file; `changes` replace keys of its [training] table where they are not None.

        Raises FileError where the file cannot be read, ConfigError where it says something unknown.
        """
        tables = read_tables(path)
        for key in tables:
            if key not in TABLES:
                raise ConfigError(str(path), f"unknown table [{key}]", nearest(key, TABLES))
        training = {**tables.get("training", {}), **{k: v for k, v in changes.items() if v is not None}}
        recipe = Recipe.of(training)
        description = tables.get("model", {})
        for key in description:
            if key not in DESCRIBED:
                raise ConfigError(str(path), f"unknown key {key!r} in [model]", nearest(key, DESCRIBED))
        network, stages = tables.get("network", {}), tables.get("stages", [])
        if not isinstance(network.get("class"), str):
            raise ConfigError(str(path), "[network] has no class", 'Write class = "module:ClassName"')
        if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
            raise ConfigError(str(path), "stages is no list of tables", "Write [[stages]] for each")
        front_end = read_front_end(path, tables.get("front_end", {}))
        metadata = Metadata(**description, **data.described(recipe.dataset), front_end=front_end)
        taught = tables.get("distillation")
        lesson = None if taught is None else record_of(Lesson, taught, f"{path}, [distillation]")
        return Job(path.stem, network, recipe, metadata, folder=path.parent, lesson=lesson).after(path.stem, stages)

    def after(self, name: str, stages: list[dict[str, Any]]) -> Job:
        """The job under that name, these stages being done after its own."""
        stages = [*self.stages, *stages]
        recorded = {"network": dict(self.network), "training": self.recipe.to_dict(), **self.taught()}
        if stages:
            recorded["stages"] = stages
        metadata = dataclasses.replace(self.metadata, recipe=recorded)
        return dataclasses.replace(self, name=name, stages=tuple(stages), metadata=metadata)

    def build(self) -> nn.Module:
        """The untrained network, from this recipe's seed. Raises ConfigError where its class cannot be made."""
        torch.manual_seed(self.recipe.seed)
        arguments = {key: value for key, value in self.network.items() if key != "class"}
        module, _, name = self.network["class"].partition(":")
        for folder in (Path.cwd(), self.folder.absolute()):  # a user's own network lies beside the recipe
            if str(folder) not in sys.path:
                sys.path.append(str(folder))
        try:
            kind = getattr(importlib.import_module(module), name)
            if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
                raise TypeError(f"{name} is no torch module")
            return kind(**arguments)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise ConfigError(self.network["class"], f"cannot be built ({error})", "Correct [network]") from error

    def restore(self, weights: Path) -> nn.Module:
        """The trained network in eval mode: built, brought into the shape its stages gave it, and filled with weights.

        Raises FileError where the weights cannot be read or belong to another network.
        """
        network = self.build()
        for number, stage in enumerate(self.stages):
            if "outcome" not in stage:
                problem = f"its stage {number + 1} has no outcome: it was not done yet"
                raise ConfigError(self.name, problem, "Name the file that `edgesnn compress` wrote")
            structure.apply(network, structure.read(stage["outcome"], f"{self.name}, stage {number + 1}"))
        return load_weights(network, weights).eval()

    def splits(self) -> tuple[Split, Split]:
        """(fit, validation) of the job's data set."""
        recipe = self.recipe
        copies = Copies(recipe.copies, recipe.blend, recipe.seed)
        return data.splits(recipe.dataset, recipe.limit, self.metadata.front_end, copies, recipe.whole)

    def run(self, folder: Path, progress: Progress = silent, tell: Tell | None = None) -> Finished:
        """Trains, lowers and writes `<name>.onnx`, `.pt` and `.json` to the folder; resumes from its checkpoint."""
        network = self.build()
        fit, validation = self.splits()
        checkpoint = folder / f"{self.name}.checkpoint"
        with process_group() as (rank, world):
            teacher = self.teacher(folder, (fit, validation), (rank, world), tell if rank == 0 else None)
            if teacher and self.lesson and self.lesson.start:
                start(network, teacher.network)
            remembered = teacher and teacher.remembered(fit.samples)
            trainer = Trainer(network, self.recipe, fit, validation, checkpoint, rank, world, remembered)
            trained = trainer.train(progress, tell) if rank == 0 else trainer.train()
            model = integer_model(network, self.name, self.metadata)
            if rank == 0:
                self.write(network, model, folder)
        return Finished(self.name, folder / f"{self.name}.onnx", model, trained)

    def teacher(
        self, folder: Path, splits: tuple[Split, Split], place: tuple[int, int], tell: Tell | None = None
    ) -> Teacher | None:
        """Trains whom [distillation] names, or takes it from its checkpoint in the folder; None without that table.

        place: rank and number of processes. Raises ConfigError where the teacher learns another data set.
        """
        if self.lesson is None:
            return None
        job = Job.load(self.folder / self.lesson.teacher)
        if job.recipe.dataset != self.recipe.dataset:
            problem = f"learns {job.recipe.dataset}, its student {self.recipe.dataset}"
            raise ConfigError(f"teacher {job.name}", problem, "Name another teacher")
        trainer = Trainer(job.build(), job.recipe, *splits, folder / f"{job.name}.checkpoint", *place)
        trainer.train(tell=tell and (lambda line: tell(f"teacher {job.name}, {line}")))
        return Teacher(trainer.network, self.lesson.how)

    def taught(self) -> dict[str, Any]:
        """The [distillation] table under its name; nothing where there is none."""
        return {} if self.lesson is None else {"distillation": dataclasses.asdict(self.lesson)}

    def write(self, network: nn.Module, model: Model, folder: Path) -> None:
        """The integer model and, for those who go on with it in torch, the float weights and this job."""
        folder.mkdir(parents=True, exist_ok=True)
        model_file.save(model, folder / f"{self.name}.onnx")
        with replacing(folder / f"{self.name}.pt") as part:
            torch.save(network.state_dict(), part)
        write_text(folder / f"{self.name}.json", json_text(self.to_dict(folder)))

    def to_dict(self, folder: Path) -> dict[str, Any]:
        """What `load` reads from a file in that folder: its teacher is named as seen from there."""
        description = {key: getattr(self.metadata, key) for key in DESCRIBED}
        tables = {"network": dict(self.network), "training": self.recipe.to_dict(), "model": description}
        front_end = {"front_end": dict(self.metadata.front_end)} if self.metadata.front_end else {}
        taught = self.taught()
        if self.lesson is not None:
            teacher = os.path.relpath(self.folder / self.lesson.teacher, folder)
            taught["distillation"]["teacher"] = Path(teacher).as_posix()
        return {**tables, **taught, **front_end, "stages": list(self.stages)}


@dataclass(frozen=True)
class Finished:
    """A trained model, where its file is, and how training went."""

    name: str
    path: Path
    model: Model
    trained: Trained


def read_front_end(path: Path, table: Any) -> Mapping[str, Any]:
    """A recipe's [front_end]: itself, or what the .json `file` beside it holds. Raises FileError, ModelError."""
    if isinstance(table, dict) and set(table) == {"file"} and isinstance(table["file"], str):
        file = path.parent / table["file"]
        return encode.to_dict(encode.from_dict(read_tables(file), str(file)))
    if not isinstance(table, dict):
        raise ConfigError(str(path), "front_end is no table", 'Write [front_end] and file = "NAME.json"')
    return encode.to_dict(encode.from_dict(table, str(path))) if table else {}


def start(network: nn.Module, teacher: nn.Module) -> None:
    """The untrained network takes from the teacher what it can. Raises ConfigError where it knows no way to."""
    if not hasattr(network, "start_from"):
        problem = f"{type(network).__name__} cannot start from a teacher: it has no method start_from"
        raise ConfigError("distillation", problem, "Leave out start")
    network.start_from(teacher)  # type: ignore[operator]


def load_weights(network: nn.Module, path: Path) -> nn.Module:
    """Fills a network with the weights of a .pt file. Raises FileError where they cannot be read or do not fit."""
    try:
        network.load_state_dict(torch.load(path, weights_only=True))
    except Exception as error:  # torch raises many kinds for a damaged file
        problem = f"holds no weights of {type(network).__name__} ({type(error).__name__}: {str(error)[:160]})"
        raise FileError(str(path), problem, "Name the weights that were trained with this recipe") from None
    return network


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
    return Job.load(recipe).restore(weights)
