"""Spoken digits of a speaker that training never heard: QT-SNN with one of the six speakers left out at a time.

    python -m benchmarks.speakers [--recipe FILE.toml] [--epochs N] [--copies N]

The front end is fitted and the network trained on takes 5-49 of the other five speakers, by the recipe but for fewer
epochs and copies, with its thresholds. Accuracy is the integer model's on all 500 recordings of the one left out, after
the last epoch.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks.polarity import RECIPE
from edgesnn import encode
from edgesnn.datasets.catalog import FSDD
from edgesnn.datasets.fsdd import Recording, read
from edgesnn.datasets.store import locate
from edgesnn.encode.design import Thresholds, fitted
from edgesnn.train.data import Split
from edgesnn.train.job import Job
from edgesnn.train.loop import Trainer
from edgesnn.train.recordings import with_copies

FIRST_TRAINING_TAKE = 5
SCALE = 0.7
"""Of thresholds, as in the comment of the recipe."""


def labels(recordings: Sequence[Recording]) -> np.ndarray:
    return np.array([one.digit for one in recordings])


def left_out(job: Job, recordings: Sequence[Recording], speaker: str) -> float:
    """Accuracy on the speaker's recordings of a network that learnt from the others'."""
    heard = [one for one in recordings if one.speaker != speaker and one.take >= FIRST_TRAINING_TAKE]
    unheard = [one for one in recordings if one.speaker == speaker]
    front_end = refitted(job, heard)
    samples, digits = with_copies([one.samples for one in heard], labels(heard), job.recipe.copies, job.recipe.seed)
    fit = Split(torch.from_numpy(front_end.encode(samples)), torch.from_numpy(digits))
    spikes = front_end.encode([one.samples for one in unheard])
    test = Split(torch.from_numpy(spikes), torch.from_numpy(labels(unheard)))
    return Trainer(job.build(), job.recipe, fit, test).train().accuracies[-1]


def refitted(job: Job, recordings: Sequence[Recording]) -> encode.FrontEnd:
    """The job's front end, its constants from these recordings, thresholds as large beside the signal as they were."""
    front_end = encode.from_dict(job.metadata.front_end)
    encoder = front_end.encoder
    spans = (encoder.span_down, encoder.span_up, encoder.silence)
    return fitted(front_end, [one.samples for one in recordings], Thresholds(SCALE, *spans))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=2, help="of each recording, altered")
    arguments = parser.parse_args()
    job = Job.load(arguments.recipe, epochs=arguments.epochs, copies=arguments.copies)
    recordings = read(locate(FSDD, FSDD.file))
    accuracies = []
    for speaker in sorted({one.speaker for one in recordings}):
        accuracies.append(left_out(job, recordings, speaker))
        print(f"{speaker:10s} {100 * accuracies[-1]:6.2f} %", flush=True)
    mean, spread = statistics.mean(accuracies), statistics.stdev(accuracies)
    print(f"{'mean':10s} {100 * mean:6.2f} %, standard deviation {100 * spread:.2f}")


if __name__ == "__main__":
    main()
