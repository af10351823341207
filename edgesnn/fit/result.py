"""What a search found, in one record."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from edgesnn.fit.bounds import Bounds
from edgesnn.fit.measured import Measured
from edgesnn.fit.winner import Winner


@dataclass(frozen=True)
class Fit:
    """What a search found. measured: every configuration of this question, nothing that was not measured; front: those
    on the Pareto front of accuracy and `objectives`. winner: None where nothing fits; nearest then misses least."""

    model: str
    target: str
    board: str
    bounds: Bounds
    data: str
    fine_tuning: str
    space: dict[str, tuple[int, ...]]
    fixed: dict[str, str]
    objectives: tuple[str, ...]
    measured: tuple[Measured, ...]
    front: tuple[Measured, ...]
    winner: Winner | None
    nearest: Measured | None
    folder: Path
    files: tuple[str, ...] = field(default=())
