"""Bytes that learning moves between processor and memory, from what a device counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.integer.learning import Pupil

WEIGHT_BYTES, MASTER_BYTES = 1, 2
EVENT_BYTES, RECORD_BYTES, POTENTIAL_BYTES = 4, 12, 4
"""As esnn_event, esnn_record and the trail of stbp in firmware/include/edgesnn/learn.h have them."""


@dataclass(frozen=True)
class Traffic:
    """Bytes a sample, on average: weights read by the forward pass; spikes, their records and potentials that it keeps
    because the sample will be learned; weights read for errors; masters and weights, read and written, that moved.

    learning_read, learning_written: all of these but those of the forward pass itself.
    """

    forward_read: float
    kept_written: float
    errors_read: float
    moved_read: float
    moved_written: float
    learning_read: float
    learning_written: float


def traffic(pupil: Pupil, counts: Mapping[str, float]) -> Traffic | None:
    """counts: of a sample, by the names of Tally. None where the device does not count what it keeps."""
    if "reads" not in counts:
        return None
    masters = 0 if pupil.learning.stochastic else MASTER_BYTES
    hidden = sum(len(layer.weight) for layer in pupil.layers[:-1])
    trails = counts["learned"] * hidden * pupil.ticks if pupil.learning.rule == "stbp" else 0.0
    kept = EVENT_BYTES * counts["events"] + RECORD_BYTES * counts["records"] + POTENTIAL_BYTES * trails
    errors = WEIGHT_BYTES * counts["reads"]
    moved = counts["updates"] * (masters or WEIGHT_BYTES)
    written = counts["updates"] * (masters + WEIGHT_BYTES)
    return Traffic(
        WEIGHT_BYTES * counts["adds"], kept, errors, moved, written, errors + moved, kept + written
    )  # fmt: skip
