"""The leaky integrate-and-fire neuron with synaptic current: Loihi's fixed-point rule."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.errors import RangeError
from edgesnn.integer.operator import StateSpec
from edgesnn.integer.ops.decay import ONE, check_decay, decay
from edgesnn.integer.ops.firing import ONNX_ARGUMENTS, ONNX_FIRE, FiringNeuron
from edgesnn.integer.ops.neuron import check_threshold
from edgesnn.integer.signal import Array, Interval, Signal

CURRENT_BITS = 24


@dataclass(frozen=True, eq=False)
class Lif(FiringNeuron):
    """One time step, for synaptic input a:

        u = decay(u, current_decay) + (a << fraction_bits)
        v = saturate(decay(v, voltage_decay) + u + bias)      at +-(2^(state_bits-1) - 1)
        s = v > (threshold << fraction_bits)                  >= unless strict
        v = 0 | v - (threshold << fraction_bits) | v          where s = 1: reset zero | subtract | none

    Decays are out of 4096 and round toward zero (`decay.py`). u is proven to fit 24 bits, never wrapped, and hence
    decay(v) + u + bias to fit int32; with current_decay 4096 u has no memory and is not a state. threshold and bias:
    a scalar or one a channel or neuron; bias is in units of v. This is the bit-accurate rule of Lava's fixed-point
    LIF, whose du is current_decay - 1.

    >>> import numpy as np
    >>> lif = Lif(threshold=100, current_decay=4096, voltage_decay=2048, fraction_bits=0)
    >>> s, (v,) = lif.step((np.array([[60, 150]]),), (np.array([[90, 0]]),))
    >>> s, v
    (array([[1, 1]]), array([[0, 0]]))
    """

    current_decay: int = ONE
    voltage_decay: int = 0
    fraction_bits: int = 6

    onnx_states = ("u", "v")
    onnx_body = (
        ONNX_ARGUMENTS
        + """
        unit = Constant <value = int64 {4096}> ()
        du = Constant <value_int : int = @current_decay> ()
        dv = Constant <value_int : int = @voltage_decay> ()
        f = Constant <value_int : int = @fraction_bits> ()
        scale = Pow (two, f)
        u64 = Cast <to = 7> (u)
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
        theta = Mul (t64, scale)
        u_next = Cast <to = 6> (u_new)
"""
        + ONNX_FIRE
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_decay(self, "current_decay", self.current_decay)
        check_decay(self, "voltage_decay", self.voltage_decay)
        if not 0 <= self.fraction_bits <= 16:
            raise self.fail(f"fraction_bits {self.fraction_bits} is outside 0..16", "Loihi uses 6")
        check_threshold(self, self.threshold, self.fraction_bits)

    @property
    def has_current(self) -> bool:
        """Whether the synaptic current u outlives a step."""
        return self.current_decay < ONE

    @property
    def scaled_threshold(self) -> Array:
        return self.threshold << self.fraction_bits

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        current = StateSpec("u", inputs[0].shape, CURRENT_BITS)
        return (current, *super().states(inputs)) if self.has_current else super().states(inputs)

    def current(self, a: Array, states: tuple[Array, ...]) -> Array:
        """u of this step."""
        drive = a << self.fraction_bits
        return decay(states[0], self.current_decay) + drive if self.has_current else drive

    def charge(self, a: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
        u = self.current(a, states)
        v = decay(states[-1], self.voltage_decay) + u + self.bias
        return (u, v) if self.has_current else (v,)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        low = self.current(inputs[0].low, tuple(state.low for state in states))
        high = self.current(inputs[0].high, tuple(state.high for state in states))
        self.check_current(Interval(low, high))
        return super().bound(inputs, states)

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
