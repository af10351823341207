"""How well spikes tell a signal: threshold-adaptive encoding against Step-Forward with equally many spikes.

    python -m benchmarks.encoders [--data NAME] [--limit N] [--upsample 1|2]

Signals are what the front end measures of each recording of the split "validation": FSDD's Mel bands, normalised. For
each recording Step-Forward gets the thresholds, all channels' scaled together, with which it fires as often as the
adaptive encoder did, or as close to that as it can. Printed are medians over the recordings of the signal-to-noise
ratio of what a decoder makes of the spikes. Both encoders start from the first sample.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from edgesnn import datasets
from edgesnn.encode import FrontEnd, StepForwardEncoder, Thresholds, design_channels, design_speech, snr_db
from edgesnn.encode.encoder import Encoder, Samples

SETTINGS = {
    "eight times down and up (default)": Thresholds(1.0, 3, 3, 4),
    "half of that, as far": Thresholds(0.5, 3, 3, 4),
    "twice down and up": Thresholds(0.7, 1, 1, 8),
    "twice up (that of qt_snn)": Thresholds(0.7, 0, 1, 8),
}
HALVINGS = 16


def designed(name: str, thresholds: Thresholds, upsample: int) -> FrontEnd:
    """A front end fitted on the training part without its validation part."""
    fit, _ = datasets.recordings(name, "fit")
    if fit[0].ndim == 1:
        return design_speech(fit, upsample=upsample, floor_bits=18, thresholds=thresholds)
    return design_channels(fit, datasets.dataset(name).sample_rate, len(fit[0]), upsample, thresholds)  # type: ignore[union-attr]


def judged(encoder: Encoder, signal: Samples) -> tuple[int, float]:
    """(spikes, decibels) of a signal (T, channels)."""
    spikes = encoder.encode(signal)
    return int(np.count_nonzero(spikes)), snr_db(signal, encoder.decode(spikes, signal[0]))


def as_often(count: int, theta: Samples, signal: Samples) -> tuple[int, float]:
    """(spikes, decibels) of the Step-Forward encoder, thresholds proportional to theta, that fires `count` times."""
    tried = []
    low, high = 1 / 64, 64.0
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        tried.append(judged(StepForwardEncoder(tuple((theta * middle).tolist())), signal))
        low, high = (middle, high) if tried[-1][0] > count else (low, middle)
    return min(tried, key=lambda found: (abs(found[0] - count), -found[1]))


def compared(front_end: FrontEnd, recordings: Sequence[Samples]) -> Samples:
    """(recordings, 4): spikes and decibels of the adaptive encoder, spikes and decibels of Step-Forward."""
    theta = np.asarray(front_end.encoder.theta, np.float64)
    rows = []
    for raw in recordings:
        signal = front_end.interpolated(front_end.features(raw))
        count, decibels = judged(front_end.encoder, signal)
        rows.append((count, decibels, *as_often(count, theta, signal)))
    return np.array(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default="fsdd")
    parser.add_argument("--limit", type=int, help="the first recordings of the split only")
    parser.add_argument("--upsample", type=int, choices=(1, 2), default=2, help="time steps a frame")
    arguments = parser.parse_args()
    recordings, _ = datasets.recordings(arguments.data, "validation", arguments.limit)
    print(f"{'thresholds':36s} {'adaptive':>20s} {'Step-Forward':>20s}   better in")
    for name, thresholds in SETTINGS.items():
        found = compared(designed(arguments.data, thresholds, arguments.upsample), recordings)
        ours, decibels, theirs, other = np.median(found, axis=0)
        wins = 100 * (found[:, 1] >= found[:, 3]).mean()
        figures = f"{ours:6.0f} spikes {decibels:4.1f} dB {theirs:6.0f} spikes {other:4.1f} dB"
        print(f"{name:36s} {figures} {wins:6.0f} %", flush=True)


if __name__ == "__main__":
    main()
