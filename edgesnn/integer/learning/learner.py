"""Learning sample by sample in integers: what every executor of a learning section reproduces bit for bit."""

from __future__ import annotations

import abc

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.learning.arithmetic import RATIO_BITS, reciprocal, saturated, scaled, shifted, softmax_errors
from edgesnn.integer.learning.draws import Draws
from edgesnn.integer.learning.events import Events, Records
from edgesnn.integer.learning.layers import Layer
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning.threshold import MAX_THRESHOLD, LearnedThreshold
from edgesnn.integer.learning.walk import onto_events, onto_weights
from edgesnn.integer.learning.weights import LearnedWeights, MasterWeights, StochasticWeights
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.signal import Array

SLOPE_SHIFT = 3
"""A slope counts as no less than threshold / 2^SLOPE_SHIFT in the unit of time."""
MOST_HALVINGS = 3


class Learner(abc.ABC):
    """A network that learns one sample at a time.

    A sample: the forward pass records events; the error of the output; from the last layer to the first, errors onto
    the events of the layer before (with the weights of the forward pass), then onto the weights; thresholds; refresh
    of the inference weights.

    Args:
        layers: with their first weights.
        ticks: time steps of a sample.
    """

    ramps = False
    unit_bits = 0
    """log2 of the ticks in the unit of time that slopes and errors of times refer to."""

    def __init__(self, layers: tuple[Layer, ...], ticks: int, learning: Learning) -> None:
        for layer in layers:
            if layer.threshold > MAX_THRESHOLD:
                raise ModelError("learning", f"threshold {layer.threshold} exceeds {MAX_THRESHOLD}", "Scale it down")
        self.learning, self.ticks, self.shapes = learning, ticks, layers
        draws = Draws(learning.seed)
        self.weights: list[LearnedWeights] = [
            StochasticWeights(layer.weight, draws) if learning.stochastic else MasterWeights(layer.weight)
            for layer in layers
        ]
        self.thresholds = [
            LearnedThreshold(layer.threshold, self.places(layer), learning.rate_target, learning.adapt_shift)
            for layer in layers[:-1]
        ]
        self.tally = Tally()

    @abc.abstractmethod
    def places(self, layer: Layer) -> int:
        """Spikes of a layer that would be a firing rate of 1."""

    @abc.abstractmethod
    def forward(self, sample: Array) -> tuple[list[Events], list[Records], Array]:
        """Input events of every layer, records of hidden layers, and scores (classes,): the largest wins."""

    @abc.abstractmethod
    def output_error(self, label: int) -> tuple[Records, Array]:
        """Of the sample that `forward` saw last: a record of each output neuron, and the errors of their potentials."""

    @abc.abstractmethod
    def gain(self, layer: int, records: Records) -> Array:
        """What turns the error of a hidden layer's spikes into that of their potentials, in units of 2^-12."""

    def reads(self, layer: int, before: Records, gains: Array, products: int) -> int:
        """Weights of a layer that are read for the errors of the spikes into it: one for each product."""
        return products

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers as learned so far: what inference needs."""
        thresholds = [threshold.value for threshold in self.thresholds] + [self.shapes[-1].threshold]
        parts = zip(self.weights, thresholds, self.shapes, strict=True)
        return tuple(Layer(weights.weight, threshold, shape.state_bits) for weights, threshold, shape in parts)

    def threshold(self, layer: int) -> int:
        """Of a layer, now; of a last layer that does not fire, the potential that halves a class's odds."""
        if layer < len(self.thresholds):
            return self.thresholds[layer].value
        return self.shapes[-1].threshold or 1 << self.learning.softness

    def infer(self, sample: Array) -> int:
        """The class of a sample; nothing changes."""
        _, _, scores = self.forward(sample)
        return int(scores.argmax())

    def learn(self, sample: Array, label: int) -> int:
        """The class of a sample, decided before the sample and its label are learned."""
        events, records, scores = self.forward(sample)
        self.tally.samples += 1
        self.tally.adds += sum(len(part) * len(w.weight) for part, w in zip(events, self.weights, strict=True))
        crowded = any(len(part) > self.learning.events for part in events[1:])
        if crowded or len(events[0]) > self.learning.input_events:
            self.tally.overruns += 1
        else:
            self.tally.events += sum(len(part) for part in events)
            self.tally.records += sum(len(part) for part in records)
            self._update(events, records, label)
        for threshold, part in zip(self.thresholds, events[1:], strict=True):
            threshold.adapt(len(part))
        return int(scores.argmax())

    def _update(self, events: list[Events], records: list[Records], label: int) -> None:
        halvings = self.halvings
        own, errors = self.output_error(label)
        shift, up = self.learning.rate_shift, self.learning.error_shift
        for layer in reversed(range(len(self.weights))):
            weights, inputs = self.weights[layer], events[layer]
            if layer:
                before, products = records[layer - 1], self.tally.multiplies
                sums = onto_events(weights.weight, inputs, own, errors, self.halving(), self.ramps, self.tally)
                spike_errors = scaled(sums, self._reciprocal(self.threshold(layer)), up + self.unit_bits)
                gains = self.gain(layer - 1, before)
                passed = shifted(spike_errors * gains, RATIO_BITS)
                self.tally.reads += self.reads(layer, before, gains, self.tally.multiplies - products)
            onto_weights(weights, inputs, own, errors, shift + halvings, self.ramps, self.tally)
            if layer:
                own, errors = before, self.cut(passed)
                shift, up = self.learning.hidden_rate_shift, 0
        for weights in self.weights:
            weights.refresh()
        self.tally.learned += 1

    @property
    def halvings(self) -> int:
        """How often steps have got smaller by half."""
        slower = self.tally.learned // self.learning.halve_every if self.learning.halve_every else 0
        return min(slower, MOST_HALVINGS)

    def halving(self) -> int | None:
        """How fast a spike's error fades for the events before it; None: not at all."""
        return None

    def cut(self, errors: Array) -> Array:
        """Errors within 16 bits, counting those that were not."""
        kept = saturated(errors)
        self.tally.saturated += int(np.count_nonzero(kept != errors))
        return kept

    def slowness(self, threshold: int, slopes: Array) -> Array:
        """threshold / slope, in units of time: how far a potential's error moves a spike. At most 8."""
        least = max(1, threshold >> SLOPE_SHIFT + self.unit_bits)
        self.tally.steep += int(np.count_nonzero(slopes < least))
        ratios = scaled(
            np.full(len(slopes), threshold), self._reciprocal(np.maximum(slopes, least)), RATIO_BITS - self.unit_bits
        )
        return ratios

    def _reciprocal(self, x: Array | int) -> tuple[Array, Array]:
        self.tally.reciprocals += np.size(x)
        return reciprocal(np.asarray(x, np.int64))

    def errors_of_scores(self, scores: Array, label: int, softness: int, rival: int | None = None) -> Array:
        self.tally.reciprocals += 1
        return softmax_errors(scores, label, softness, rival)

    @property
    def saturated(self) -> int:
        """Values that a limit changed, in errors and in weights."""
        return self.tally.saturated + sum(weights.saturated for weights in self.weights)
