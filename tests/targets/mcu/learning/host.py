"""The runtime that learns, on this computer with sanitizers, and the learner in Python: what both make of samples."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import edgesnn.firmware
from edgesnn.integer import Array
from edgesnn.integer.learning import Learner, Pupil
from edgesnn.integer.learning.weights import MasterWeights, StochasticWeights
from edgesnn.targets.mcu.codegen.learner import plans_of

HERE = Path(__file__).parent
FIRMWARE = Path(edgesnn.firmware.__file__).parent
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZERS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
RULES = ("std-ed", "mpd-ed", "stdbp", "stbp")
INFER = -1

Sample = tuple[Array, int]
"""What `Learner.learn` takes, and a label or INFER."""


@dataclass(frozen=True)
class Outcome:
    """decisions of all samples; weights, masters (none if stochastic), thresholds with their fraction and firing rates
    by layer; counts by name."""

    decisions: list[int]
    weights: list[list[list[int]]]
    masters: list[list[list[int]]]
    thresholds: list[tuple[int, int]]
    tally: dict[str, int]


def build(folder: Path) -> Path:
    sources = [HERE / "learner.c", *sorted((FIRMWARE / "learn").glob("*.c")), FIRMWARE / "kernels" / "esnn_decide.c"]
    program = folder / "learner"
    command = ["gcc", *STRICT, *SANITIZERS, f"-I{FIRMWARE / 'include'}", *map(str, sources), "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return program


def in_c(program: Path, cases: Sequence[tuple[Pupil, list[Sample]]]) -> list[Outcome]:
    """What the C makes of networks, one after another in one process."""
    said = np.array([len(cases)] + [value for case in cases for value in described(*case)], np.int64)
    done = subprocess.run(
        [program],
        input=(said & 0xFFFFFFFF).astype("<u4").tobytes(),
        capture_output=True,
        timeout=120,
        env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
    )
    assert done.returncode == 0, done.stderr.decode()
    left = np.frombuffer(done.stdout, "<i8").tolist()
    found = [understood(left, *case) for case in cases]
    assert left == []
    return found


def described(pupil: Pupil, samples: list[Sample]) -> list[int]:
    """A network and its samples as learner.c reads them."""
    learning, ramps = pupil.learning, pupil.learning.rule == "stdbp"
    plans = plans_of(pupil)
    widest = max(pupil.inputs, *(plan.outputs for plan in plans))
    said = [RULES.index(learning.rule), len(plans), int(learning.stochastic), int(ramps)]
    said += [int(learning.rule == "std-ed"), pupil.learner().unit_bits]
    for constant in ("rate", "hidden_rate", "error", "softness", "kernel", "width", "adapt"):
        said.append(getattr(learning, constant if constant == "softness" else f"{constant}_shift"))
    said += [pupil.ticks, learning.rate_target, learning.halve_every, learning.seed, widest]
    for plan in plans:
        adaptation = plan.adaptation
        bounds = [0, 0, 0] if adaptation is None else [adaptation.low, adaptation.high, adaptation.unit]
        said += [plan.inputs, plan.outputs, plan.room, plan.most, plan.layer.limit, plan.layer.threshold, *bounds]
        said += [int(plan.rises), int(plan.trailing), int(plan.recorded), *plan.layer.weight.T.ravel().tolist()]
    said.append(len(samples))
    for x, label in samples:
        said.append(label)
        for spikes in (x[:, None] == np.arange(pupil.ticks)).T if ramps else x:
            active = np.flatnonzero(spikes).tolist()
            said += [len(active), *active]
    return said


def understood(left: list[int], pupil: Pupil, samples: list[Sample]) -> Outcome:
    """Takes from `left` what learner.c says of a network."""

    def take(count: int) -> list[int]:
        taken = left[:count]
        del left[:count]
        return taken

    decisions, weights, masters, thresholds = take(len(samples)), [], [], []
    for layer in pupil.layers:
        both = np.array(take(2 * layer.weight.size)).reshape(*layer.weight.T.shape, 2)
        weights.append(both[..., 0].T.tolist())
        masters.append(both[..., 1].T.tolist())
        thresholds.append((left.pop(0), left.pop(0)))
    counts = [*counts_of(pupil.learner())]
    tally = dict(zip(counts, take(len(counts)), strict=True))
    return Outcome(decisions, weights, [] if pupil.learning.stochastic else masters, thresholds[:-1], tally)


def in_python(pupil: Pupil, samples: list[Sample]) -> Outcome:
    learner = pupil.learner()
    decisions = [learner.infer(x) if label == INFER else learner.learn(x, label) for x, label in samples]
    return outcome_of(learner, decisions)


def outcome_of(learner: Learner, decisions: list[int]) -> Outcome:
    masters: list[Any] = [part.master.tolist() for part in learner.weights if isinstance(part, MasterWeights)]
    assert masters or all(isinstance(part, StochasticWeights) for part in learner.weights)
    return Outcome(
        decisions,
        [part.weight.tolist() for part in learner.weights],
        masters,
        [(threshold.fine, threshold.running) for threshold in learner.thresholds],
        counts_of(learner),
    )


def counts_of(learner: Learner) -> dict[str, int]:
    return {**asdict(learner.tally), "clipped": sum(part.saturated for part in learner.weights)}
