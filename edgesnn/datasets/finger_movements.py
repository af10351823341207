"""EEG before a left or right finger movement: 28 channels, 100 Hz, 500 ms that end 130 ms before a key press.

Official split: 316 training and 100 test trials. Amplitudes are whole tenths of a microvolt, here int16 (50, 28).
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from edgesnn.datasets.catalog import FINGER_MOVEMENTS
from edgesnn.datasets.store import content
from edgesnn.datasets.wav import Int16
from edgesnn.integer import Array

VALIDATION = 66
"""Trials at the end of the training part that the split "validation" holds and "fit" leaves out."""

PARTS = {
    "test": ("test", slice(None)),
    "train": ("train", slice(None)),
    "fit": ("train", slice(None, -VALIDATION)),
    "validation": ("train", slice(-VALIDATION, None)),
}
LSB_PER_MICROVOLT = 10


def load(path: Path, split: str) -> tuple[tuple[Int16, ...], Array]:
    """Trials (50, 28) of a split and their sides: 0 left, 1 right. Raises DataError where the file is another."""
    part, rows = PARTS[split]
    with np.load(io.BytesIO(content(path, FINGER_MOVEMENTS.file)), allow_pickle=False) as arrays:
        microvolts, sides = arrays[f"x_{part}"][rows], arrays[f"y_{part}"][rows]
    trials = np.rint(microvolts.astype(np.float64) * LSB_PER_MICROVOLT).astype(np.int16)
    return tuple(trials), sides.astype(np.int64)
