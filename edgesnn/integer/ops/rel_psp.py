"""The ReL-PSP neuron: each input makes the potential rise, or fall, for ever; one spike a sample at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, check_int32, parameter, per_neuron
from edgesnn.integer.ops.neuron import Neuron, check_threshold
from edgesnn.integer.signal import Array, Interval, Signal

STATE_BITS = 32


@dataclass(frozen=True, eq=False)
class RelPsp(Neuron):
    """V(t) = sum of w_i (t - t_i) over the input spikes before t, in time steps: a sum of a sum. One step, for input a:

        w = min(v + slope, threshold)
        spike = 1 where w = threshold and v < threshold
        slope = slope where w = threshold, else slope + a
        v = w

    The slope is the sum of the weights so far, of which this step's move the potential from the next one on: the
    order of inputs within a step does not matter. A neuron fires in the first step in which the potential is at its
    threshold (> 0) or above, and then stays there, at the slope with which it got there: it does not fire again before
    the states are reset. threshold: a scalar or one a channel or neuron. slope + a and v + slope are proven to fit
    int32 for the steps of a sample; there is no such proof for ever. Source: M. Zhang et al., "Rectified Linear
    Postsynaptic Potential Function for Backpropagation in Deep SNNs", IEEE TNNLS 33(5), 2022; steps of time and the
    order within one are ours.

    >>> neuron = RelPsp(threshold=10)
    >>> neuron.step((np.array([[3, 3, 3]]),), (np.array([[4, 4, 4]]), np.array([[5, 6, 10]])))
    (array([[0, 1, 0]]), (array([[7, 4, 4]]), array([[ 9, 10, 10]])))
    """

    threshold: Array

    onnx_states = ("slope", "v")
    onnx_body = """
        a64 = Cast <to = 7> (x)
        s64 = Cast <to = 7> (slope)
        v64 = Cast <to = 7> (v)
        theta = Cast <to = 7> (threshold)
        charged = Add (v64, s64)
        v_new = Min (charged, theta)
        there = Equal (v_new, theta)
        below = Less (v64, theta)
        fired = And (there, below)
        steeper = Add (s64, a64)
        s_new = Where (there, s64, steeper)
        y = Cast <to = 3> (fired)
        slope_next = Cast <to = 6> (s_new)
        v_next = Cast <to = 6> (v_new)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", parameter(self.threshold))
        check_threshold(self, self.threshold, 0)
        if self.threshold.min() < 1:
            raise self.fail(f"threshold {self.threshold.min()} is not positive", "Give at least 1")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        per_neuron(self, "threshold", self.threshold, inputs[0].shape)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        shape = inputs[0].shape
        return (StateSpec("slope", shape, STATE_BITS), StateSpec("v", shape, STATE_BITS))

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        slope, v = states
        w = np.minimum(v + slope, self.threshold)
        there = w == self.threshold
        fired = (there & (v < self.threshold)).astype(np.int64)
        return fired, (np.where(there, slope, slope + inputs[0]), w)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        (a,), (slope, v) = inputs, states
        check_int32(self, "its slope", slope.magnitude, a.magnitude)
        check_int32(self, "its potential", v.magnitude, slope.magnitude)
        highest_silent = np.minimum(v.high, self.threshold - 1)
        fired = Interval(np.zeros_like(a.low), (highest_silent + slope.high >= self.threshold).astype(np.int64))
        steeper = Interval(slope.low + np.minimum(a.low, 0), slope.high + np.maximum(a.high, 0))
        w = Interval(np.minimum(v.low + slope.low, self.threshold), np.minimum(v.high + slope.high, self.threshold))
        return fired, (steeper, w)
