"""`edgesnn compress`"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.errors import ConfigError


@verb("compress")
@click.argument("model", required=False, metavar="MODEL|JOB.toml")
@click.option("--recipe", metavar="NAME|FILE", help="A name of --list, or a .toml or .json file of stages.")
@click.option("--list", "listed", is_flag=True, help="List the recipes, and how they are named.")
@click.option("--data", metavar="NAME|FILE", help="Instead of its own: a data set, or an .npz with samples and labels.")
@options.out
@click.option("--name", metavar="NAME", help="Of the compressed model (default: MODEL_RECIPE).")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Instead of the one it was trained with.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Use the first N training samples only.")
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="Of every training stage, instead of the recipe's.")
def command(
    model: str | None, recipe: str | None, listed: bool, data: str | None, out: Path | None, name: str | None,
    seed: int | None, limit: int | None, epochs: int | None, progress: Progress,
) -> Answer:  # fmt: skip
    """MODEL is a name of `edgesnn models`; JOB.toml or .json names your own network (docs/compress.md), its trained
    weights beside it.

    Writes NAME.onnx for `edgesnn deploy`, NAME.pt and NAME.json to go on with, and the report, to DIR (default:
    build/compress). Run it again to go on where it stopped.
    """
    if listed:
        return recipes()
    if model is None or recipe is None:
        missing = "MODEL" if model is None else "--recipe"
        raise ConfigError("compress", f"{missing} is missing", "Name a model and a recipe; --list shows the recipes")
    from edgesnn.compression.api import compress
    from edgesnn.report.compression import compressed

    done = compress(
        model, recipe, data, out or Path("build") / "compress", name, seed, limit, epochs, progress=progress,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )  # fmt: skip
    return Answer(done, compressed(done))


def recipes() -> Answer:
    from edgesnn.compression import named
    from edgesnn.report.compression import recipe_list

    summaries = named.summaries()
    return Answer({"naming": named.NAMING, "recipes": summaries}, recipe_list(summaries, named.NAMING))
