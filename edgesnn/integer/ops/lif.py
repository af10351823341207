"""The leaky integrate-and-fire neuron with synaptic current: Loihi's fixed-point rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.errors import RangeError
from edgesnn.integer.operator import StateSpec, parameter
from edgesnn.integer.ops.decay import ONE, check_decay, decay
from edgesnn.integer.ops.fire import Reset, fire_bound, reset_after, reset_kind, spikes
from edgesnn.integer.ops.neuron import Neuron, check_bias, check_shapes, check_state_bits, check_threshold
from edgesnn.integer.signal import Array, Interval, Signal

CURRENT_BITS = 24


@dataclass(frozen=True, eq=False)
class Lif(Neuron):
    """One time step, for synaptic input a:

        u = decay(u, current_decay) + (a << fraction_bits)
        v = saturate(decay(v, voltage_decay) + u + bias)      at +-(2^(state_bits-1) - 1)
        s = v > (threshold << fraction_bits)                  >= unless strict
        v = 0 | v - (threshold << fraction_bits) | v          where s = 1: reset zero | subtract | none

    Decays are out of 4096 and round toward zero (`decay.py`). u is proven to fit 24 bits, never wrapped, and hence
    decay(v) + u + bias to fit int32; with current_decay 4096 u has no memory and is not a state. threshold and bias:
    a scalar or one a channel or neuron; bias is in units of v. This is the bit-accurate rule of Lava's fixed-point
    LIF, whose du is current_decay - 1.

    >>> lif = Lif(threshold=100, current_decay=4096, voltage_decay=2048, fraction_bits=0)
    >>> s, (v,) = lif.step((np.array([[60, 150]]),), (np.array([[90, 0]]),))
    >>> s, v
    (array([[1, 1]]), array([[0, 0]]))
    """

    threshold: Array
    bias: Array = 0  # type: ignore[assignment]
    current_decay: int = ONE
    voltage_decay: int = 0
    fraction_bits: int = 6
    strict: bool = True
    reset: Reset = Reset.ZERO
    state_bits: int = 24

    onnx_states = ("u", "v")
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        unit = Constant <value = int64 {4096}> ()
        du = Constant <value_int : int = @current_decay> ()
        dv = Constant <value_int : int = @voltage_decay> ()
        f = Constant <value_int : int = @fraction_bits> ()
        st = Constant <value_int : int = @strict> ()
        mode = Constant <value_int : int = @reset> ()
        width = Constant <value_int : int = @state_bits> ()
        scale = Pow (two, f)
        a64 = Cast <to = 7> (x)
        u64 = Cast <to = 7> (u)
        v64 = Cast <to = 7> (v)
        b64 = Cast <to = 7> (bias)
        t64 = Cast <to = 7> (threshold)
        keep_u = Sub (unit, du)
        keep_v = Sub (unit, dv)
        u_product = Mul (u64, keep_u)
        u_kept = Div (u_product, unit)
        v_product = Mul (v64, keep_v)
        v_kept = Div (v_product, unit)
        drive = Mul (a64, scale)
        u_new = Add (u_kept, drive)
        v_sum = Add (v_kept, u_new)
        v_biased = Add (v_sum, b64)
        width_1 = Sub (width, one)
        power = Pow (two, width_1)
        limit = Sub (power, one)
        neg_limit = Neg (limit)
        v_capped = Min (v_biased, limit)
        v_charged = Max (v_capped, neg_limit)
        theta = Mul (t64, scale)
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
        u_next = Cast <to = 6> (u_new)
        v_next = Cast <to = 6> (v_new)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", parameter(self.threshold))
        object.__setattr__(self, "bias", parameter(self.bias))
        object.__setattr__(self, "reset", reset_kind(self, self.reset))
        object.__setattr__(self, "strict", bool(self.strict))
        check_decay(self, "current_decay", self.current_decay)
        check_decay(self, "voltage_decay", self.voltage_decay)
        if not 0 <= self.fraction_bits <= 16:
            raise self.fail(f"fraction_bits {self.fraction_bits} is outside 0..16", "Loihi uses 6")
        check_state_bits(self, self.state_bits)
        check_threshold(self, self.threshold, self.fraction_bits)
        check_bias(self, self.bias)

    @property
    def has_current(self) -> bool:
        """Whether the synaptic current u outlives a step."""
        return self.current_decay < ONE

    @property
    def scaled_threshold(self) -> Array:
        return self.threshold << self.fraction_bits

    def check(self, inputs: tuple[Signal, ...]) -> None:
        check_shapes(self, inputs[0], self.threshold, self.bias)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        membrane = StateSpec("v", inputs[0].shape, self.state_bits, saturates=True)
        current = StateSpec("u", inputs[0].shape, CURRENT_BITS)
        return (current, membrane) if self.has_current else (membrane,)

    def charge(self, a: Array, states: tuple[Array, ...]) -> tuple[Array, Array]:
        """(u, v) of this step before threshold and reset."""
        drive = a << self.fraction_bits
        u = decay(states[0], self.current_decay) + drive if self.has_current else drive
        limit = (1 << (self.state_bits - 1)) - 1
        v = np.clip(decay(states[-1], self.voltage_decay) + u + self.bias, -limit, limit)
        return u, v

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        u, v = self.charge(inputs[0], states)
        s = spikes(v, self.scaled_threshold, self.strict)
        v = reset_after(v, s, self.scaled_threshold, self.reset)
        return s, (u, v) if self.has_current else (v,)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        u_low, v_low = self.charge(inputs[0].low, tuple(state.low for state in states))
        u_high, v_high = self.charge(inputs[0].high, tuple(state.high for state in states))
        u = Interval(u_low, u_high)
        self.check_current(u)
        s, v = fire_bound(Interval(v_low, v_high), self.scaled_threshold, self.strict, self.reset)
        return s, (u, v) if self.has_current else (v,)

    def check_current(self, u: Interval) -> None:
        worst = int(u.magnitude.max())
        if worst >= 1 << (CURRENT_BITS - 1):
            raise RangeError(
                self.kind,
                f"its synaptic current u may reach {worst}, beyond {CURRENT_BITS} bits",
                "Use smaller weights, fewer fraction bits, a stronger current decay or fewer time steps",
            )

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size * sum(0 < amount < ONE for amount in (self.current_decay, self.voltage_decay))
