"""The leaky neuron whose spikes carry a small number: how often the threshold fits into the membrane potential."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, check_int32, differing, parameter
from edgesnn.integer.ops.decay import ONE, check_decay, decay
from edgesnn.integer.ops.neuron import Neuron, check_bias, check_shapes, check_state_bits, check_threshold
from edgesnn.integer.signal import Array, Interval, Meaning, Signal

MAX_LEVELS = 15


@dataclass(frozen=True, eq=False)
class GradedLif(Neuron):
    """One time step, for input a:

        v = saturate(decay(v, voltage_decay) + a + bias)          at +-(2^(state_bits-1) - 1)
        o = clip(floor(v / threshold), 0, levels)
        v = v - o * threshold

    levels is 2^b - 1 for spikes of b bits; with 1 level this is an integrate-and-fire neuron with soft reset. The
    decay is out of 4096 and rounds toward zero. threshold (> 0) and bias: a scalar or one a channel or neuron;
    decay(v) + a + bias and levels * threshold are proven to fit int32. Without decay, and for a constant input I and
    v = V0, the sum of o over T steps is clip((T I + V0) // threshold, 0, T levels): what a quantiser of T levels + 1
    values gives. Source: Shen et al., "Are Conventional SNNs Really Efficient?", CVPR 2024 (multi-bit
    spikes; our form).

    >>> neuron = GradedLif(threshold=10, levels=3)
    >>> neuron.step((np.array([[7, 25, 99, -4]]),), (np.array([[5, 0, 0, 0]]),))
    (array([[1, 2, 3, 0]]), (array([[ 2,  5, 69, -4]]),))
    """

    threshold: Array
    levels: int = 3
    bias: Array = 0  # type: ignore[assignment]
    voltage_decay: int = 0
    state_bits: int = 24

    onnx_states = ("v",)
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        unit = Constant <value = int64 {4096}> ()
        dv = Constant <value_int : int = @voltage_decay> ()
        width = Constant <value_int : int = @state_bits> ()
        top = Constant <value_int : int = @levels> ()
        a64 = Cast <to = 7> (x)
        v64 = Cast <to = 7> (v)
        b64 = Cast <to = 7> (bias)
        theta = Cast <to = 7> (threshold)
        keep = Sub (unit, dv)
        product = Mul (v64, keep)
        kept = Div (product, unit)
        driven = Add (kept, a64)
        biased = Add (driven, b64)
        width_1 = Sub (width, one)
        power = Pow (two, width_1)
        limit = Sub (power, one)
        neg_limit = Neg (limit)
        capped = Min (biased, limit)
        charged = Max (capped, neg_limit)
        positive = Max (charged, zero)
        quotient = Div (positive, theta)
        o = Min (quotient, top)
        spent = Mul (o, theta)
        left = Sub (charged, spent)
        y = Cast <to = 3> (o)
        v_next = Cast <to = 6> (left)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", parameter(self.threshold))
        object.__setattr__(self, "bias", parameter(self.bias))
        check_state_bits(self, self.state_bits)
        check_bias(self, self.bias)
        check_decay(self, "voltage_decay", self.voltage_decay)
        check_threshold(self, self.threshold, 0)
        if self.threshold.min() < 1:
            raise self.fail(f"threshold {self.threshold.min()} is not positive", "Give at least 1")
        if not 1 <= self.levels <= MAX_LEVELS:
            raise self.fail(f"levels {self.levels} is outside 1..{MAX_LEVELS}", "Spikes have 1 to 4 bits")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        check_shapes(self, inputs[0], self.threshold, self.bias)

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.SPIKE if self.levels == 1 else Meaning.GRADED

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, self.state_bits, saturates=True),)

    def charge(self, a: Array, v: Array) -> Array:
        """The membrane potential before it fires."""
        limit = (1 << (self.state_bits - 1)) - 1
        charged: Array = np.clip(self.driven(a, v), -limit, limit)
        return charged

    def driven(self, a: Array, v: Array) -> Array:
        """The same before it saturates."""
        return decay(v, self.voltage_decay) + a + self.bias

    def clipped(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> Array:
        return differing(self.driven(inputs[0], states[0]), self.charge(inputs[0], states[0]))

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        v = self.charge(inputs[0], states[0])
        o = np.clip(v // self.threshold, 0, self.levels)
        return o, (v - o * self.threshold,)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        kept = decay(states[0].magnitude, self.voltage_decay)
        check_int32(self, "its membrane potential", kept, inputs[0].magnitude, self.bias)
        check_int32(self, "levels * threshold", self.levels * self.threshold)
        low, high = self.charge(inputs[0].low, states[0].low), self.charge(inputs[0].high, states[0].high)
        fired = Interval(*(np.clip(v // self.threshold, 0, self.levels) for v in (low, high)))
        # what is left of v >= threshold lies in [0, threshold - 1], or above where all levels are spent
        after_low = np.where(low >= self.threshold, 0, low)
        spent = high - self.levels * self.threshold
        after_high = np.where(high < self.threshold, high, np.maximum(self.threshold - 1, spent))
        return fired, (Interval(after_low, after_high),)

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size if 0 < self.voltage_decay < ONE else 0
