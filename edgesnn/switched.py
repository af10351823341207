"""What learning takes, by switching it off: the same samples again, and nothing is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.learning import Learner
from edgesnn.taught import Taught


@dataclass(frozen=True)
class Switched:
    """Mean instructions of a sample with learning on, and of the same samples with learning off, which weights to begin
    with decide. difference: on minus off. drift: what of it is the forward pass, in which other weights make other
    spikes; the rest is errors and weights. accuracy: of the weights to begin with. forward: each sample's, off.
    """

    on: float
    off: float
    difference: float
    drift: float
    accuracy: float
    forward: tuple[int, ...]


def switched(learning: Sequence[Taught], frozen: Sequence[Taught], labels: Sequence[int]) -> Switched | None:
    """Of two runs over the same samples. None where the device does not count."""
    off = [one.forward for one in frozen if one.forward is not None]
    if not off:
        return None
    forward = float(np.mean([one.forward or 0 for one in learning]))
    on = forward + float(np.mean([(one.backward or 0) + (one.update or 0) for one in learning]))
    still = float(np.mean(off))
    right = [one.decision == label for one, label in zip(frozen, labels, strict=True)]
    return Switched(on, still, on - still, forward - still, float(np.mean(right)), tuple(off))


def frozen_decisions(beginning: Learner, samples: Sequence[Array]) -> list[int]:
    """What the reference decides by the weights to begin with."""
    return [beginning.infer(sample) for sample in samples]
