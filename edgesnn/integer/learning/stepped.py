"""STD-ED and MPD-ED in integers: integrate-and-fire layers over time steps."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning.arithmetic import RATIO_BITS, RATIO_ONE, scaled, shifted
from edgesnn.integer.learning.events import Events, Records, integrate
from edgesnn.integer.learning.layers import Layer
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.signal import Array

TIME_BITS = 8
"""Output times are in 1/256 of a step."""
LATE_SHIFT = 3
"""A silent output neuron is taken to go on rising by threshold / 2^LATE_SHIFT a step."""


class SteppedLearner(Learner):
    """A sample is a spike train (ticks, inputs) of 0 and 1."""

    def places(self, layer: Layer) -> int:
        return len(layer.weight) * self.ticks

    def hidden(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        """Input events of every layer, records of the hidden ones, and the spikes into the last layer."""
        spikes, events, records = sample, [Events.of(sample)], []
        for layer in range(len(self.weights) - 1):
            spikes, own = integrate(self.weights[layer].weight, spikes, self.threshold(layer), self.shapes[layer].limit)
            events.append(own.events)
            records.append(own)
        return events, records, spikes


class MpdEdLearner(SteppedLearner):
    """Hidden errors pass where a spike was, by how little it exceeded the threshold; the last layer does not fire."""

    def forward(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        events, records, spikes = self.hidden(sample)
        self.scores = self.weights[-1].weight @ spikes.sum(0)
        return events, records, self.scores

    def output_error(self, label: int) -> tuple[Records, Array]:
        classes = np.arange(len(self.scores))
        none = np.zeros(len(classes), np.int64)
        whole = Records(Events(none + self.ticks - 1, classes), none - 1, none, none)
        return whole, self.errors_of_scores(self.scores, label, self.learning.softness)

    def gain(self, layer: int, records: Records) -> Array:
        """max(0, 1 - excess / width) threshold / width, the width being 2^width_shift thresholds."""
        shift = self.learning.width_shift
        far = scaled(records.excess, self._reciprocal(self.threshold(layer)), RATIO_BITS - shift)
        return np.maximum(RATIO_ONE - far, 0) >> shift

    def reads(self, layer: int, before: Records, gains: Array, products: int) -> int:
        """The output's errors are those of the whole sample: each neuron's weights to it are read once, and not where
        nothing passes."""
        if layer + 1 < len(self.weights):
            return products
        return len(np.unique(before.events.neuron[gains != 0])) * len(self.scores)


class StdEdLearner(SteppedLearner):
    """Errors are of spike times; a spike's potential moves its time by 1 / slope. The first output spike decides.

    Only differences of times count in a softmax, so that nothing would keep outputs from falling silent together. The
    sample's end is one more class that comes too late: a label has to come before it. The label's time counts as a step
    later than it is, because only whole steps decide.
    """

    def forward(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        events, records, spikes = self.hidden(sample)
        last = self.shapes[-1]
        _, fired = integrate(self.weights[-1].weight, spikes, last.threshold, last.limit)
        self.output = first_or_last(fired, self.weights[-1].weight @ spikes.sum(0) - last.threshold, self.ticks)
        seen = np.isin(np.arange(len(last.weight)), fired.events.neuron)
        return events, records, np.where(seen, self.ticks - self.output.events.time, 0)

    def output_error(self, label: int) -> tuple[Records, Array]:
        output, threshold = self.output, self.shapes[-1].threshold
        late = output.slope == 0
        slopes = np.where(late, max(1, threshold >> LATE_SHIFT), output.slope)
        times = (output.events.time << TIME_BITS) - scaled(output.excess, self._reciprocal(slopes), TIME_BITS)
        end, one = self.ticks << TIME_BITS, 1 << TIME_BITS
        times[label] += one
        errors = self.errors_of_scores(-times, label, self.learning.softness + TIME_BITS, -end)
        order = np.argsort(output.events.time, kind="stable")
        slow = self.slowness(threshold, slopes)
        return ordered(output, order), self.cut(shifted(errors * slow, RATIO_BITS))[order]

    def gain(self, layer: int, records: Records) -> Array:
        return self.slowness(self.threshold(layer), records.slope)

    def halving(self) -> int | None:
        return self.learning.kernel_shift


def first_or_last(fired: Records, final: Array, ticks: int) -> Records:
    """One record for each neuron, in their order: its first spike, or the last step, with slope 0, if it stayed silent.

    final: (neurons,) potential at the end minus threshold, without saturation, of those that did not fire.
    """
    neurons = len(final)
    none = np.zeros(neurons, np.int64)
    time, slope, excess = none + ticks - 1, none.copy(), final.copy()
    for spike in reversed(range(len(fired))):
        neuron = fired.events.neuron[spike]
        time[neuron], slope[neuron], excess[neuron] = fired.events.time[spike], fired.slope[spike], fired.excess[spike]
    return Records(Events(time, np.arange(neurons)), none - 1, slope, excess)


def ordered(records: Records, order: Array) -> Records:
    events = Events(records.events.time[order], records.events.neuron[order])
    return Records(events, records.previous[order], records.slope[order], records.excess[order])
