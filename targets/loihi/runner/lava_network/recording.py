"""What each process saw, step by step, in memory-mapped files: written while Lava runs, read when it has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Recording:
    """Columns of one layer, each (rows, neurons). Row r is Lava's time step r + 1 + depth: a layer lags its depth."""

    folder: Path
    layer: str
    columns: tuple[str, ...]
    rows: int
    neurons: int
    depth: int

    def create(self) -> None:
        for column in self.columns:
            np.lib.format.open_memmap(self._file(column), "w+", np.int32, (self.rows, self.neurons)).flush()

    def row(self, time_step: int) -> int | None:
        """The row of a time step; None before this layer's first and after its last."""
        row = time_step - 1 - self.depth
        return row if 0 <= row < self.rows else None

    def open(self) -> dict[str, np.ndarray]:
        """Arrays to write to, or to read."""
        return {column: np.load(self._file(column), mmap_mode="r+") for column in self.columns}

    def read(self, column: str, samples: int) -> np.ndarray:
        """(samples, time steps, neurons)"""
        return np.load(self._file(column), mmap_mode="r").reshape(samples, -1, self.neurons)

    def _file(self, column: str) -> Path:
        return self.folder / f"{self.layer}.{column}.npy"
