"""STBP in integers, the baseline: surrogate gradients of every neuron at every step, with its own shortcuts."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning.arithmetic import RATIO_BITS, RATIO_ONE, scaled, shifted
from edgesnn.integer.learning.events import Events, Records, charged
from edgesnn.integer.learning.stepped import MpdEdLearner
from edgesnn.integer.learning.walk import onto_rows
from edgesnn.integer.signal import Array


class StbpLearner(MpdEdLearner):
    """The network of mpd-ed. Every potential within 2^width_shift thresholds of the threshold has an error, whether it
    fired or not; an error reaches all earlier steps back to the reset before. The reset has no gradient.

    Skipped is what is zero: inputs that did not spike, errors where the surrogate is 0.
    """

    def forward(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        spikes, events = sample, [Events.of(sample)]
        self.trails: list[Array] = []
        for layer in range(len(self.weights) - 1):
            threshold, limit = self.threshold(layer), self.shapes[layer].limit
            steps = charged(self.weights[layer].weight, spikes, threshold, limit)
            self.trails.append(np.array([after for _, after in steps]))
            spikes = (self.trails[-1] >= threshold).astype(np.int64)
            events.append(Events.of(spikes))
        self.scores = self.weights[-1].weight @ spikes.sum(0)
        return events, [], self.scores

    def _update(self, events: list[Events], records: list[Records], label: int) -> None:
        errors = np.tile(self.errors_of_scores(self.scores, label, self.learning.softness), (self.ticks, 1))
        shift, up = self.learning.rate_shift, self.learning.error_shift
        halvings = self.halvings
        for layer in reversed(range(len(self.weights))):
            before = self.onto_neurons(layer, errors, up) if layer else errors
            onto_rows(self.weights[layer], events[layer], errors, shift + halvings, self.tally)
            errors, shift, up = before, self.learning.hidden_rate_shift, 0
        for weights in self.weights:
            weights.refresh()
        self.tally.learned += 1

    def onto_neurons(self, layer: int, errors: Array, up: int) -> Array:
        """From errors (ticks, outputs) of a layer's potentials onto those (ticks, inputs) of the neurons before it."""
        trail, threshold = self.trails[layer - 1], self.threshold(layer - 1)
        gains = self.surrogate(trail - threshold, threshold)
        sums = errors @ self.weights[layer].weight
        spike_errors = scaled(sums, self._reciprocal(self.threshold(layer)), up)
        own = self.cut(shifted(spike_errors * gains, RATIO_BITS))
        found, later = np.zeros_like(own), np.zeros_like(own[0])
        for t in reversed(range(self.ticks)):
            later = self.cut(own[t] + np.where(trail[t] >= threshold, 0, later))
            found[t] = later
        last = layer + 1 == len(self.weights)  # whose errors are the same at all steps: one sum a neuron
        visited = np.count_nonzero((gains > 0).any(0) if last else gains)
        self.tally.multiplies += visited * errors.shape[1]
        self.tally.reads += visited * errors.shape[1]
        return found

    def surrogate(self, excess: Array, threshold: int) -> Array:
        """max(0, 1 - |excess| / width) threshold / width, the width being 2^width_shift thresholds."""
        shift = self.learning.width_shift
        far = scaled(np.abs(excess), self._reciprocal(threshold), RATIO_BITS - shift)
        near = np.maximum(RATIO_ONE - far, 0) >> shift
        return np.where(np.abs(excess) < threshold << shift, near, 0)
