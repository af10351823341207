"""What is known of configurations: only what was measured, kept in files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import FileError
from edgesnn.files import write_text
from edgesnn.fit.bounds import MEMORY, Bounds, Figures, excess
from edgesnn.fit.space import Configuration, Space
from edgesnn.fit.task import key_of
from edgesnn.records import from_json, to_json

NAME = "measured.json"
MAX_BYTES = 1 << 20
MARGIN = 0.03
"""A build before training may exceed its memory by this share: training changes gains, and with them a few types."""


@dataclass(frozen=True)
class Measured:
    """One configuration. accuracy: right of `samples` validation samples, None where it was not trained, because its
    memory alone is too large or the board refuses it (`refused` says why). figures: of the build for the board."""

    configuration: tuple[tuple[str, int], ...]
    figures: Figures
    accuracy: float | None
    samples: int
    refused: str | None = None

    @property
    def point(self) -> Configuration:
        return dict(self.configuration)

    def excess(self, bounds: Bounds) -> float:
        """The largest share by which a bound is exceeded; infinite where the board refuses, below 0 where it fits."""
        if self.refused is not None:
            return float("inf")
        names = None if self.accuracy is not None else MEMORY
        found = excess(bounds, self.figures, *([names] if names else []))
        return max(found.values(), default=-1.0)

    def fits(self, bounds: Bounds) -> bool:
        return self.accuracy is not None and self.excess(bounds) <= 0

    def answers(self, bounds: Bounds) -> bool:
        """Whether nothing is left to measure under these bounds: it is complete, or its memory is clearly too large."""
        return self.accuracy is not None or self.refused is not None or self.excess(bounds) > MARGIN


class Store:
    """A folder with a folder a configuration: measured.json and, if it was trained, model, weights and job."""

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder / identity[:16]

    def place(self, configuration: Configuration) -> Path:
        return self.folder / key_of(configuration)

    def save(self, measured: Measured) -> None:
        write_text(self.place(measured.point) / NAME, json.dumps(to_json(measured), indent=1) + "\n")

    def load(self, configuration: Configuration) -> Measured | None:
        """What was measured, None where nothing was. Raises FileError on a file that this did not write."""
        path = self.place(configuration) / NAME
        if not path.is_file():
            return None
        return read(_json(path), str(path))

    def measured(self, space: Space, bounds: Bounds) -> list[Measured]:
        """What is known of a space and complete under these bounds."""
        found = [self.load(point) for point in space.points()]
        return [item for item in found if item is not None and item.answers(bounds)]


def read(data: Any, where: str) -> Measured:
    """Raises FileError on anything missing or mistyped."""
    return from_json(Measured, data, where)


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(str(path), f"is larger than {MAX_BYTES} bytes", "Delete its folder")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(str(path), f"cannot be read ({error})", "Delete its folder: it is measured again") from None
