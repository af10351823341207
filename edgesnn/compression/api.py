"""`edgesnn.compress`: finds the network, the recipe and the data, runs the recipe, writes the files.

Importing this module needs no torch; compressing does.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edgesnn.errors import ToolError
from edgesnn.progress import Progress, silent

if TYPE_CHECKING:
    from torch import nn

    from edgesnn.compression.compress import Compressed
    from edgesnn.compression.inputs import DataLike, RecipeLike


def compress(
    model: str | Path | nn.Module,
    recipe: RecipeLike,
    data: DataLike = None,
    out: str | Path | None = None,
    name: str | None = None,
    seed: int | None = None,
    limit: int | None = None,
    epochs: int | None = None,
    teachers: Mapping[str, nn.Module] | None = None,
    progress: Progress = silent,
    tell: Callable[[str], None] | None = None,
) -> Compressed:
    """Compresses a trained network; the result's model goes on to `edgesnn.deploy`.

    Args:
        model: a zoo name, the .toml or .json file of a job with its .pt beside it, or a trained torch module.
        recipe: a name, a .toml or .json file, the tables of one, or a recipe.
        data: a data set's name, an .npz file, or (fit, validation); None is what the network was trained on.
        out: folder for NAME.onnx, NAME.pt, NAME.json and NAME.report.json, and for what a later call resumes from;
            None writes nothing.
        name: of the compressed model.
        seed: of what is random; None is the network's own.
        limit: training samples used.
        epochs: of every training stage, instead of the recipe's.
        teachers: networks that a distillation stage names.

    Raises ConfigError before any work where recipe or order make no sense; DataError, FileError, ModelError,
    LoweringError, TrainingError.
    """
    require_torch()
    from edgesnn.compression.compress import run_recipe
    from edgesnn.compression.inputs import recipe_of, work_of
    from edgesnn.compression.output import write
    from edgesnn.compression.source import find_source

    chosen = recipe_of(recipe).with_epochs(epochs)
    source = find_source(model)
    work = work_of(source, name or f"{source.name}_{chosen.name}", data, seed, limit, teachers)
    work.progress, work.tell = progress, tell
    folder = None if out is None else Path(out)
    done = run_recipe(source, chosen, work, folder / f"{work.name}.stages" if folder else None)
    return write(done, source, folder) if folder else done


def require_torch() -> None:
    """Raises ToolError where torch is not installed."""
    if importlib.util.find_spec("torch") is None:
        raise ToolError("compress", "torch is not installed", "Run: pip install 'edgesnn[train]'")
