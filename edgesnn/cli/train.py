"""`edgesnn train`"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.errors import FileError, ToolError

if TYPE_CHECKING:
    from edgesnn.train.job import Job


@verb("train")
@click.argument("recipe", metavar="MODEL|RECIPE.toml")
@options.out
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="Of every training stage, instead of the recipe's.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Use the first N training samples only.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Instead of the recipe's.")
def command(
    recipe: str, out: Path | None, epochs: int | None, limit: int | None, seed: int | None, progress: Progress
) -> Answer:
    """MODEL is a name of `edgesnn models`; RECIPE.toml names your own network (docs/training.md).

    Writes NAME.onnx, NAME.pt and a checkpoint to DIR (default: build/train). Run it again to go on where it stopped.
    A compressed network is trained, then compressed again, stage by stage. Under torchrun, the processes share every
    batch.
    """
    if importlib.util.find_spec("torch") is None:
        raise ToolError("train", "torch is not installed", "Run: pip install 'edgesnn[train]'")
    from edgesnn.train.job import Job

    job = Job.load(recipe_file(recipe), epochs=epochs, limit=limit, seed=seed)
    folder = out or Path("build") / "train"
    if job.stages:
        return compressed_again(job, folder, (epochs, limit, seed), progress)
    finished = job.run(folder, progress, tell)
    if os.environ.get("RANK", "0") != "0":
        raise click.exceptions.Exit(0)  # under torchrun the first process speaks for all
    record = {
        "model": finished.name,
        "path": finished.path,
        "validation_accuracy": finished.trained.accuracies[-1],
        "epochs": len(finished.trained.accuracies),
        "recipe": job.recipe.to_dict(),
    }
    accuracy = 100 * finished.trained.accuracies[-1]
    return Answer(record, lambda console: console.print(f"{finished.path}: {accuracy:.2f} % on validation data"))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def compressed_again(
    job: Job, folder: Path, instead: tuple[int | None, int | None, int | None], progress: Progress
) -> Answer:
    """Trains and compresses: the job's network came out of `edgesnn compress`. instead: (epochs, limit, seed)."""
    from edgesnn.compression.reproduce import reproduce
    from edgesnn.report.compression import compressed

    if "RANK" in os.environ:
        raise ToolError("train", "compression runs in one process", "Start it without torchrun")
    done = reproduce(job, folder, *instead, progress, tell)
    return Answer(done, compressed(done))


def recipe_file(recipe: str) -> Path:
    """The recipe of a zoo model, or the file of that name."""
    from edgesnn.target import nearest
    from edgesnn.zoo import zoo

    known = zoo().get(recipe)
    if known is not None and known.recipe is not None:
        return known.recipe
    if not Path(recipe).is_file():
        raise FileError(recipe, "is neither a model of the zoo nor a recipe file", nearest(recipe, zoo()))
    return Path(recipe)
