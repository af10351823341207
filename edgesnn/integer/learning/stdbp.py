"""STDBP in integers: ReL-PSP layers, one spike a neuron at most."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.learning.arithmetic import RATIO_BITS, scaled, shifted
from edgesnn.integer.learning.events import Events, Records
from edgesnn.integer.learning.layers import Layer
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.ramps import crossings, records
from edgesnn.integer.learning.stepped import ordered
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.signal import Array


class StdbpLearner(Learner):
    """A sample is the tick of each input's spike (inputs,); `ticks` or more is none. The first output spike decides.

    Args:
        ticks: a power of two. Its half is the unit of time; input that comes later leaves layers little time.
    """

    ramps = True

    def __init__(self, layers: tuple[Layer, ...], ticks: int, learning: Learning) -> None:
        if ticks < 2 or ticks & ticks - 1 or ticks > 1 << 12:
            raise ModelError("learning", f"{ticks} ticks are no power of two from 2 to 4096", "Choose one")
        self.unit_bits = ticks.bit_length() - 2
        super().__init__(layers, ticks, learning)

    def places(self, layer: Layer) -> int:
        return len(layer.weight)

    def forward(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        order = np.argsort(sample, kind="stable")
        order = order[sample[order] < self.ticks]
        events, found = [Events(sample[order], order)], []
        for layer in range(len(self.weights) - 1):
            fired = crossings(self.weights[layer].weight, events[-1], self.threshold(layer), self.ticks)
            found.append(records(*fired, self.ticks))
            events.append(found[-1].events)
        last, threshold = self.weights[-1].weight, self.shapes[-1].threshold
        ticks, slopes = crossings(last, events[-1], threshold, self.ticks)
        final = last[:, events[-1].neuron] @ (self.ticks - events[-1].time)
        self.output = Records(Events(ticks, np.arange(len(last))), ticks * 0 - 1, slopes, final - threshold)
        return events, found, self.ticks - ticks

    def output_error(self, label: int) -> tuple[Records, Array]:
        output, threshold = self.output, self.shapes[-1].threshold
        late = output.events.time == self.ticks
        least = max(1, threshold >> 3 + self.unit_bits)
        slopes = np.where(late, np.maximum(output.slope, least), output.slope)
        missing = scaled(-output.excess, self._reciprocal(np.maximum(slopes, 1)))
        times = np.where(late, self.ticks + missing, output.events.time)
        errors = self.errors_of_scores(-times, label, self.learning.softness)
        shown = Records(
            Events(np.minimum(times, 2 * self.ticks), output.events.neuron), output.previous, slopes, output.excess
        )
        order = np.argsort(shown.events.time, kind="stable")
        potential_errors = self.cut(shifted(errors * self.slowness(threshold, slopes), RATIO_BITS))
        return ordered(shown, order), potential_errors[order]

    def gain(self, layer: int, records: Records) -> Array:
        return self.slowness(self.threshold(layer), records.slope)
