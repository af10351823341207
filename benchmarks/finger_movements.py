"""Left or right before a finger moves (EEG): a linear baseline, and models of the zoo, on the official test trials.

    python -m benchmarks.finger_movements [MODEL ...]

The baseline is linear discriminant analysis on mean potentials of each channel, its covariance shrunk towards a
multiple of the identity, fitted on the 316 training trials: on the last 100 ms, and on five stretches of 100 ms. How
far it shrinks is chosen by ten-fold cross-validation, repeated five times, on the training trials. MODEL: zoo names or
files. The interval is Wilson's, at 95 %.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
import numpy.typing as npt

import edgesnn
from edgesnn import datasets
from edgesnn.integer import run
from edgesnn.samples import spikes_of

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

DATA = "eeg-finger-movements"
STRETCHES = 5
FEATURES = ("last 100 ms", "five stretches")
SHRINKAGES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
FOLDS, REPEATS = 10, 5
Z = 1.959964
"""Of a normal distribution, 95 % lies within so many standard deviations."""


def wilson(right: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    share = right / trials
    middle = (share + Z * Z / (2 * trials)) / (1 + Z * Z / trials)
    half = Z / (1 + Z * Z / trials) * math.sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    return middle - half, middle + half


def trials(split: str) -> tuple[Floats, Labels]:
    """Mean potentials (n, stretches, channels) and sides."""
    recordings, sides = datasets.recordings(DATA, split)
    raw = np.stack(recordings).astype(np.float64)
    return raw.reshape(len(raw), STRETCHES, -1, raw.shape[2]).mean(axis=2), sides


def featured(means: Floats, name: str) -> Floats:
    return means[:, -1] if name == FEATURES[0] else means.reshape(len(means), -1)


def fitted(x: Floats, sides: Labels, shrinkage: float) -> tuple[Floats, float]:
    """Direction and threshold of the discriminant."""
    means = np.stack([x[sides == side].mean(axis=0) for side in (0, 1)])
    rest = x - means[sides]
    covariance = rest.T @ rest / len(x)
    level = np.trace(covariance) / len(covariance)
    shrunk = (1 - shrinkage) * covariance + shrinkage * level * np.eye(len(covariance))
    direction = np.linalg.solve(shrunk, means[1] - means[0])
    return direction, float(direction @ means.mean(axis=0))


def right(x: Floats, sides: Labels, discriminant: tuple[Floats, float]) -> int:
    direction, threshold = discriminant
    return int(((x @ direction > threshold) == sides).sum())


def cross_validated(x: Floats, sides: Labels, shrinkage: float) -> float:
    correct = 0
    for repeat in range(REPEATS):
        order = np.random.default_rng(repeat).permutation(len(x))
        for fold in np.array_split(order, FOLDS):
            others = np.setdiff1d(order, fold)
            correct += right(x[fold], sides[fold], fitted(x[others], sides[others], shrinkage))
    return correct / (REPEATS * len(x))


def baseline(name: str) -> None:
    (train, sides), (test, test_sides) = trials("train"), trials("test")
    x = featured(train, name)
    found = {shrinkage: cross_validated(x, sides, shrinkage) for shrinkage in SHRINKAGES}
    best = max(found, key=lambda shrinkage: found[shrinkage])
    correct = right(featured(test, name), test_sides, fitted(x, sides, best))
    print(
        f"LDA, {name:15s} cross-validated {100 * found[best]:5.1f} % (shrinkage {best:g}), {line(correct, len(test))}"
    )


def judged(name: str) -> None:
    """A model's line: the integer model on the raw trials, through its own front end."""
    model = edgesnn.load(name)
    recordings, sides = datasets.recordings(DATA, "test")
    scores = run(model, spikes_of(model, recordings)).output
    print(f"{name:43s} {line(int((scores.argmax(axis=1) == sides).sum()), len(sides))}")


def line(correct: int, count: int) -> str:
    low, high = wilson(correct, count)
    return f"test {correct} of {count}, 95 % interval {100 * low:.1f} to {100 * high:.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL")
    _, sides = datasets.recordings(DATA, "test")
    print(f"the commoner side alone: {max(np.bincount(sides))} of {len(sides)}")
    for name in FEATURES:
        baseline(name)
    for name in parser.parse_args().models:
        judged(name)


if __name__ == "__main__":
    main()
