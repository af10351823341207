"""Fitting a front end to a data set, and how well its spikes tell what it measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edgesnn import datasets
from edgesnn.encode import FrontEnd, Thresholds, design_channels, design_speech, snr_db, to_dict
from edgesnn.errors import DataError
from edgesnn.files import write_text
from edgesnn.progress import Progress, silent
from edgesnn.records import UNSAVED


@dataclass(frozen=True)
class Encoding:
    """A fitted front end. Figures are of the split "validation": the fraction of (step, channel) places with a spike,
    the median over recordings of the signal-to-noise ratio of the decoded signal, features held to int16."""

    data: str
    kind: str
    channels: int
    steps: int
    spike_rate: float
    snr_db: float
    clipped: int
    front_end: FrontEnd = field(repr=False, metadata=UNSAVED)

    def save(self, path: Path) -> None:
        """The front end as JSON, as a recipe names it."""
        write_text(path, json.dumps(to_dict(self.front_end)) + "\n")

    def text(self, out: Path | None) -> Callable[[Any], None]:
        def show(console: Any) -> None:
            where = f" in {out}" if out else ""
            console.print(f"{self.kind} front end for {self.data}{where}: {self.channels} channels, {self.steps} steps")
            console.print(f"spikes in {100 * self.spike_rate:.1f} % of all places, {self.snr_db:.1f} dB after decoding")
            console.print(f"{self.clipped} features held to int16 (all on the validation part)")

        return show


def design(
    data: str,
    thresholds: Thresholds,
    bands: int = 24,
    frames: int = 50,
    upsample: int = 2,
    floor_bits: int = 18,
    common_reference: bool = False,
    progress: Progress = silent,
) -> Encoding:
    """A speech front end for recordings of one channel, else one that takes channels as they are. Raises DataError."""
    known = datasets.dataset(data)
    if not isinstance(known, datasets.Recordings):
        raise DataError(data, "holds no recordings", "Front ends are for signals such as sound or EEG")
    progress("fit the front end", 0, None)
    fit, _ = datasets.recordings(data, "fit")
    if fit[0].ndim == 1:
        made: FrontEnd = design_speech(
            fit, known.sample_rate, bands, frames, upsample, floor_bits=floor_bits, thresholds=thresholds
        )
    else:
        made = design_channels(fit, known.sample_rate, frames, upsample, thresholds, common_reference)
    return judged(data, made, datasets.recordings(data, "validation")[0])


def judged(data: str, front_end: FrontEnd, recordings: Sequence[npt.NDArray[np.int16]]) -> Encoding:
    """The front end with its figures on recordings."""
    signals = [front_end.interpolated(front_end.features(raw)) for raw in recordings]
    spikes = front_end.encode(recordings)
    zero = np.zeros(front_end.channels, np.int64)
    ratios = [
        snr_db(signal, front_end.encoder.decode(one, zero, coded_first=True))
        for signal, one in zip(signals, spikes, strict=True)
    ]
    return Encoding(
        data, front_end.kind, front_end.channels, front_end.steps, float((spikes != 0).mean()),
        float(np.median(ratios)), front_end.clipped(recordings), front_end,
    )  # fmt: skip
