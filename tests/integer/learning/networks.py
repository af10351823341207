"""Small networks that learn, and samples for them."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning import Layer, Learner, Learning, learner
from edgesnn.integer.learning.weights import MasterWeights
from edgesnn.integer.learning_section import POTENTIALS

TICKS = 8


def small(rule: str, seed: int = 0, **constants: int) -> Learner:
    """12-9-4 neurons whose spikes are neither few nor many."""
    rng = np.random.default_rng(seed)
    unit = TICKS if rule == "stdbp" else 1
    hidden = Layer(rng.integers(-20, 45, (9, 12)), 60 * unit)
    last = Layer(rng.integers(-20, 45, (4, 9)), 0 if rule in POTENTIALS else 60 * unit)
    settings = {"rate_shift": 6, "hidden_rate_shift": 8, "softness": 6 if rule in POTENTIALS else 1} | constants
    return learner((hidden, last), 2 * TICKS if rule == "stdbp" else TICKS, Learning(rule, **settings))  # type: ignore[arg-type]


def samples(rule: str, count: int, seed: int = 1) -> list[tuple[np.ndarray, int]]:
    rng = np.random.default_rng(seed)
    if rule == "stdbp":
        return [(rng.integers(0, TICKS + 2, 12), int(rng.integers(4))) for _ in range(count)]
    return [((rng.random((TICKS, 12)) < 0.15).astype(int), int(rng.integers(4))) for _ in range(count)]


def telling(rule: str, count: int, seed: int = 3) -> list[tuple[np.ndarray, int]]:
    """Samples whose class has three inputs of its own, which spike more often, or earlier, than the others."""
    found = []
    rng = np.random.default_rng(seed)
    for x, label in samples(rule, count, seed):
        own = slice(3 * label, 3 * label + 3)
        if rule == "stdbp":
            x[own] = rng.integers(0, 3, 3)
        else:
            x[:, own] |= rng.random((TICKS, 3)) < 0.3
        found.append((x, label))
    return found


def masters(network: Learner) -> list[list[list[int]]]:
    return [weights.master.tolist() for weights in network.weights if isinstance(weights, MasterWeights)]
