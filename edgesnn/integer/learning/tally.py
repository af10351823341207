"""Counts of what learning does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Tally:
    """Since the learner was made, or `clear`.

    samples: given. learned: those that changed weights or could have. overruns: not learned, because a layer had more
    spikes than there is room for. adds: synaptic additions of the forward pass. reciprocals, multiplies: of errors and
    walks. updates: weights read, changed and written. saturated: values that a limit changed. steep: spikes whose slope
    was raised to the least that is allowed. events, records: of the samples that were learned, the spikes that were
    kept, and those of hidden layers that a record was kept of besides. reads: weights read for errors.
    """

    samples: int = 0
    learned: int = 0
    overruns: int = 0
    adds: int = 0
    reciprocals: int = 0
    multiplies: int = 0
    updates: int = 0
    saturated: int = 0
    steep: int = 0
    events: int = 0
    records: int = 0
    reads: int = 0

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]
