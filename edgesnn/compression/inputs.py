"""What a run starts from: the recipe, the data, and the work made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn

from edgesnn.compression.recipe import CompressionRecipe
from edgesnn.compression.source import Source, identifier
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError
from edgesnn.integer import Metadata
from edgesnn.structure.copying import copied
from edgesnn.train.data import Split, described, splits

RecipeLike = str | Path | Mapping[str, Any] | CompressionRecipe
GIVEN = "given by the caller"
DataLike = str | tuple[Split, Split] | None


def work_of(
    source: Source,
    name: str,
    data: DataLike = None,
    seed: int | None = None,
    limit: int | None = None,
    teachers: Mapping[str, nn.Module] | None = None,
) -> Work:
    """A copy of the source's network and the data; arguments as in `edgesnn.compress`."""
    fit, validation = data_of(source, data, limit)
    return Work(
        name=identifier(name),
        network=copied(source.network),
        started=source.network,
        fit=fit,
        validation=validation,
        training=source.training,
        data=(data or source.training.dataset) if not isinstance(data, tuple) else GIVEN,
        metadata=metadata_of(source, data),
        teachers=teachers or {},
        seed=source.training.seed if seed is None else seed,
    )


def recipe_of(recipe: RecipeLike) -> CompressionRecipe:
    if isinstance(recipe, CompressionRecipe):
        return recipe
    return CompressionRecipe.of("recipe", recipe) if isinstance(recipe, Mapping) else CompressionRecipe.load(recipe)


def data_of(source: Source, data: DataLike, limit: int | None) -> tuple[Split, Split]:
    """(fit, validation), the first cut to `limit` samples."""
    if isinstance(data, tuple):
        return data[0].first(limit), data[1]
    if data is None and source.job is None:
        raise ConfigError(source.name, "is a module without a recipe, so its data are not known", "Give data=")
    return splits(data or source.training.dataset, limit, source.metadata.front_end)


def metadata_of(source: Source, data: DataLike) -> Metadata:
    """The source's, and where it says nothing of classes and task, those of the data."""
    if source.job is None and isinstance(data, str):
        return dataclasses.replace(source.metadata, **described(data))
    return source.metadata
