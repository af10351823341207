"""What a model may take of a board, and by how much a measured one exceeds it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.errors import ConfigError
from edgesnn.target import Limits

MEMORY = ("flash_bytes", "ram_bytes")
FIGURES = (*MEMORY, "instructions", "energy_uj")
"""What can be bounded; an instruction count and an energy are means of an inference."""
NAMES = {"flash_bytes": "flash", "ram_bytes": "RAM", "instructions": "instructions", "energy_uj": "energy"}


@dataclass(frozen=True)
class Bounds:
    """None: no bound."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None
    instructions: int | None = None
    energy_uj: float | None = None

    def within(self, board: Limits) -> Bounds:
        """The tighter of these and what the board holds."""
        return dataclasses.replace(
            self,
            flash_bytes=_tighter(self.flash_bytes, board.flash_bytes),
            ram_bytes=_tighter(self.ram_bytes, board.ram_bytes),
        )

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the figures that are bounded."""
        return tuple(name for name in FIGURES if getattr(self, name) is not None)


@dataclass(frozen=True)
class Figures:
    """What one build costs: memory read from the built files, the others means of the samples run. None: the board
    cannot tell. energy_label says whether it was measured or modelled, energy_table by which table."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None
    instructions: float | None = None
    energy_uj: float | None = None
    energy_label: str = ""
    energy_table: str = ""


def excess(bounds: Bounds, figures: Figures, names: tuple[str, ...] = FIGURES) -> Mapping[str, float]:
    """By which share each bounded figure exceeds its bound, negative where it keeps it.

    Raises ConfigError where the board cannot tell a figure that is bounded.
    """
    found = {}
    for name in names:
        bound, value = getattr(bounds, name), getattr(figures, name)
        if bound is None:
            continue
        if value is None:
            raise ConfigError(NAMES[name], "is bounded, but this board cannot tell it", "Choose another --board")
        found[name] = (value - bound) / bound
    return found


def _tighter(one: int | None, other: int | None) -> int | None:
    given = [value for value in (one, other) if value is not None]
    return min(given, default=None)
