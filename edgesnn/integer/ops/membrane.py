"""Readout by membrane potential."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer.operator import StateSpec, check_int32, parameter, per_neuron
from edgesnn.integer.ops.decay import ONE, check_decay, decay
from edgesnn.integer.ops.readout import SCORE_BITS, Readout
from edgesnn.integer.signal import Array, Interval, Signal


@dataclass(frozen=True, eq=False)
class Membrane(Readout):
    """v = decay(v, voltage_decay) + (a << fraction_bits) + bias, never firing; the output is v: the largest wins.

    v is proven to fit int32 over the model's time steps, and so are its three terms added in any order.

    >>> import numpy as np
    >>> Membrane(bias=[1, 0]).step((np.array([[4, 5]]),), (np.array([[10, 10]]),))[0]
    array([[15, 15]])
    """

    bias: Array = 0  # type: ignore[assignment]
    voltage_decay: int = 0
    fraction_bits: int = 0

    onnx_states = ("v",)
    onnx_body = """
        two = Constant <value = int64 {2}> ()
        unit = Constant <value = int64 {4096}> ()
        dv = Constant <value_int : int = @voltage_decay> ()
        f = Constant <value_int : int = @fraction_bits> ()
        scale = Pow (two, f)
        a64 = Cast <to = 7> (x)
        v64 = Cast <to = 7> (v)
        b64 = Cast <to = 7> (bias)
        keep = Sub (unit, dv)
        product = Mul (v64, keep)
        kept = Div (product, unit)
        drive = Mul (a64, scale)
        charged = Add (kept, drive)
        biased = Add (charged, b64)
        v_next = Cast <to = 6> (biased)
        y = Identity (v_next)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "bias", parameter(self.bias))
        check_decay(self, "voltage_decay", self.voltage_decay)
        if not 0 <= self.fraction_bits <= 16:
            raise self.fail(f"fraction_bits {self.fraction_bits} is outside 0..16", "Loihi uses 6")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        super().check(inputs)
        per_neuron(self, "bias", self.bias, inputs[0].shape)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, SCORE_BITS),)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        v = decay(states[0], self.voltage_decay) + (inputs[0] << self.fraction_bits) + self.bias
        return v, (v,)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        kept, drive = decay(states[0].magnitude, self.voltage_decay), inputs[0].magnitude << self.fraction_bits
        check_int32(self, "its membrane potential", kept, drive, self.bias)
        return super().bound(inputs, states)

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size if 0 < self.voltage_decay < ONE else 0
