"""The model zoo: trained networks that packages bring along, found through the entry-point group `edgesnn.models`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from edgesnn.encode import front_end_of
from edgesnn.errors import FileError, ModelError
from edgesnn.integer import Model
from edgesnn.target import nearest


@dataclass(frozen=True)
class ZooModel:
    """One trained network. An entry point of `edgesnn.models` names a tuple of them.

    path: the integer model's file. default_of: names of the targets whose default model this is. card: the model card.
    recipe: the file that `edgesnn train` reproduces it from.
    """

    name: str
    summary: str
    path: Path
    default_of: tuple[str, ...] = ()
    card: Path | None = None
    recipe: Path | None = None


@functools.cache
def zoo() -> Mapping[str, ZooModel]:
    """All models of the zoo by name. A package that cannot be imported is reported as what it is: broken."""
    found: dict[str, ZooModel] = {}
    for point in sorted(entry_points(group="edgesnn.models"), key=lambda point: point.name):
        try:
            models = point.load()
        except (ImportError, AttributeError) as error:
            raise ModelError(
                point.value, f"cannot be loaded ({error})", "Reinstall the package it belongs to"
            ) from error
        found.update({model.name: model for model in models})
    return found


def load(name: str | Path) -> Model:
    """The model of that zoo name, or in that file (`.onnx`, or anything with a folder in it).

    Raises ModelError with the nearest known name, or FileError where the file, or a front end in it, cannot be trusted.
    """
    model = _load(name)
    front_end_of(model)  # refuses one that does not fit
    return model


def _load(name: str | Path) -> Model:
    from edgesnn.integer import file

    path = Path(name)
    is_path = isinstance(name, Path) or path.suffix == ".onnx" or len(path.parts) > 1
    if not is_path and str(name) in zoo():
        return file.load(zoo()[str(name)].path)
    if not is_path and not path.is_file():
        raise ModelError(str(name), "is neither a model of the zoo nor a file", nearest(str(name), zoo()))
    if not path.is_file():
        raise FileError(str(name), "there is no such file", "Check the path, or name a model of `edgesnn models`")
    return file.load(path)
