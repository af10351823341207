"""What neurons with an integer membrane potential share: charge, saturate, compare, reset, in this order."""

from __future__ import annotations

import abc
from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, differing, parameter
from edgesnn.integer.ops.fire import Reset, fire_bound, reset_after, reset_kind, spikes, strictness
from edgesnn.integer.ops.neuron import Neuron, check_bias, check_shapes, check_state_bits
from edgesnn.integer.signal import Array, Interval, Signal

ONNX_ARGUMENTS = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        a64 = Cast <to = 7> (x)
        v64 = Cast <to = 7> (v)
        b64 = Cast <to = 7> (bias)
        t64 = Cast <to = 7> (threshold)
"""
"""What the bodies of all these neurons begin with."""

ONNX_FIRE = """
        st = Constant <value_int : int = @strict> ()
        mode = Constant <value_int : int = @reset> ()
        width = Constant <value_int : int = @state_bits> ()
        width_1 = Sub (width, one)
        power = Pow (two, width_1)
        limit = Sub (power, one)
        neg_limit = Neg (limit)
        v_capped = Min (v_biased, limit)
        v_charged = Max (v_capped, neg_limit)
        loose = Sub (one, st)
        theta_cmp = Sub (theta, loose)
        fired = Greater (v_charged, theta_cmp)
        is_zero = Equal (mode, one)
        is_subtract = Equal (mode, two)
        v_less = Sub (v_charged, theta)
        v_if_subtract = Where (is_subtract, v_less, v_charged)
        v_if_zero = Where (is_zero, zero, v_if_subtract)
        v_new = Where (fired, v_if_zero, v_charged)
        y = Cast <to = 3> (fired)
        v_next = Cast <to = 6> (v_new)
"""
"""From `v_biased`, the charged potential, and `theta` to spikes and the next potential."""


@dataclass(frozen=True, eq=False)
class FiringNeuron(Neuron):
    """A subclass says how the membrane potential is charged; saturation, threshold and reset are the same for all."""

    threshold: Array
    bias: Array = 0  # type: ignore[assignment]
    strict: bool = True
    reset: Reset = Reset.ZERO
    state_bits: int = 24

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", parameter(self.threshold))
        object.__setattr__(self, "bias", parameter(self.bias))
        object.__setattr__(self, "reset", reset_kind(self, self.reset))
        object.__setattr__(self, "strict", strictness(self, self.strict))
        check_state_bits(self, self.state_bits)
        check_bias(self, self.bias)

    @property
    def scaled_threshold(self) -> Array:
        """The threshold in units of the membrane potential."""
        return self.threshold

    def check(self, inputs: tuple[Signal, ...]) -> None:
        check_shapes(self, inputs[0], self.threshold, self.bias)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, self.state_bits, saturates=True),)

    @abc.abstractmethod
    def charge(self, a: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
        """The states of this step before saturation, threshold and reset; the membrane potential is the last."""

    def saturated(self, a: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
        """`charge`, the membrane potential kept within +-(2^(state_bits-1) - 1)."""
        *others, v = self.charge(a, states)
        limit = (1 << (self.state_bits - 1)) - 1
        return (*others, np.clip(v, -limit, limit))

    def clipped(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> Array:
        return differing(self.charge(inputs[0], states)[-1], self.saturated(inputs[0], states)[-1])

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        *others, v = self.saturated(inputs[0], states)
        s = spikes(v, self.scaled_threshold, self.strict)
        return s, (*others, reset_after(v, s, self.scaled_threshold, self.reset))

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        lows = self.saturated(inputs[0].low, tuple(state.low for state in states))
        highs = self.saturated(inputs[0].high, tuple(state.high for state in states))
        *others, v = (Interval(low, high) for low, high in zip(lows, highs, strict=True))
        s, after = fire_bound(v, self.scaled_threshold, self.strict, self.reset)
        return s, (*others, after)
