"""The integrate-and-fire neuron: no leak, no synaptic current."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, check_int32, parameter
from edgesnn.integer.ops.fire import Reset, fire_bound, reset_after, reset_kind, spikes
from edgesnn.integer.ops.neuron import Neuron, check_bias, check_shapes, check_state_bits, check_threshold
from edgesnn.integer.signal import Array, Interval, Signal


@dataclass(frozen=True, eq=False)
class IntegrateFire(Neuron):
    """v = saturate(v + a + bias) at +-(2^(state_bits-1) - 1); s = v > threshold (>= unless strict); reset as in Lif.

    v + a + bias is proven to fit int32 before it saturates.

    >>> neuron = IntegrateFire(threshold=10, strict=False, reset=Reset.SUBTRACT)
    >>> neuron.step((np.array([[4]]),), (np.array([[9]]),))
    (array([[1]]), (array([[3]]),))
    """

    threshold: Array
    bias: Array = 0  # type: ignore[assignment]
    strict: bool = False
    reset: Reset = Reset.SUBTRACT
    state_bits: int = 16

    onnx_states = ("v",)
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        st = Constant <value_int : int = @strict> ()
        mode = Constant <value_int : int = @reset> ()
        width = Constant <value_int : int = @state_bits> ()
        a64 = Cast <to = 7> (x)
        v64 = Cast <to = 7> (v)
        b64 = Cast <to = 7> (bias)
        theta = Cast <to = 7> (threshold)
        v_sum = Add (v64, a64)
        v_biased = Add (v_sum, b64)
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", parameter(self.threshold))
        object.__setattr__(self, "bias", parameter(self.bias))
        object.__setattr__(self, "reset", reset_kind(self, self.reset))
        object.__setattr__(self, "strict", bool(self.strict))
        check_state_bits(self, self.state_bits)
        check_threshold(self, self.threshold, 0)
        check_bias(self, self.bias)

    def check(self, inputs: tuple[Signal, ...]) -> None:
        check_shapes(self, inputs[0], self.threshold, self.bias)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, self.state_bits, saturates=True),)

    def charge(self, a: Array, v: Array) -> Array:
        limit = (1 << (self.state_bits - 1)) - 1
        charged: Array = np.clip(v + a + self.bias, -limit, limit)
        return charged

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        v = self.charge(inputs[0], states[0])
        s = spikes(v, self.threshold, self.strict)
        return s, (reset_after(v, s, self.threshold, self.reset),)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        check_int32(self, "v + a + bias", states[0].magnitude, inputs[0].magnitude, self.bias)
        v = Interval(self.charge(inputs[0].low, states[0].low), self.charge(inputs[0].high, states[0].high))
        s, after = fire_bound(v, self.threshold, self.strict, self.reset)
        return s, (after,)
