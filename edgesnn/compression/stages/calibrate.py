"""What depends on data but is not learnt, measured anew."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.compression.calibration import calibrate
from edgesnn.compression.stages.stage import STAGES, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError


@STAGES.register("calibrate")
@dataclass(frozen=True)
class Calibrate(Stage):
    """Measures the statistics of normalisation and the scales of quantised states on training samples.

    After weights, spikes or channels have changed, the old figures belong to another network. batches: of 128 samples.
    """

    batches: int = 5

    def __post_init__(self) -> None:
        if self.batches < 1:
            raise ConfigError("calibrate", f"batches {self.batches} is not positive", "Give e.g. 5")

    def run(self, work: Work) -> Outcome:
        scales = calibrate(work.network, work.batches(self.batches))
        return Outcome(notes=tuple(f"{path}: state scale {scale:.3f}" for path, scale in scales.items()))

    def __str__(self) -> str:
        return f"calibrate on {self.batches} batches"
