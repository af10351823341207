"""The leaky neuron whose carried membrane potential is a code of 2 to 8 bits (Q-SNN)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, check_int32, parameter, per_neuron
from edgesnn.integer.ops.fire import spikes, strictness
from edgesnn.integer.ops.neuron import Neuron, check_threshold
from edgesnn.integer.signal import Array, Interval, Signal


@dataclass(frozen=True, eq=False)
class QuantizedLif(Neuron):
    """With q = 2^(state_bits-1) - 1, the code c in [-q, q] is the whole state. One time step, for input a:

        v = leak_table[c + q] + a                             leak and scale of the stored potential in one look-up
        s = v >= threshold                                    > if strict
        c = 0 where s = 1, else code_table[clip(v - code_low, 0, len(code_table) - 1)]

    leak_table (2q + 1,), code_table (n,) with entries in [-q, q]; v and v - code_low are proven to fit int32. The
    neuron is a finite-state machine; spikes are decided before the potential is quantised. Source: Wei et al.,
    "Q-SNNs: Quantized Spiking Neural Networks", ACM MM 2024, with the state scale frozen so that a sample's result
    does not depend on its batch.

    >>> neuron = QuantizedLif(leak_table=[-2, 0, 2], code_table=[-1, 0, 0, 1], code_low=-2, threshold=4, state_bits=2)
    >>> neuron.step((np.array([[1, 2, -9]]),), (np.array([[0, 1, -1]]),))
    (array([[0, 1, 0]]), (array([[ 1,  0, -1]]),))
    """

    leak_table: Array
    code_table: Array
    code_low: int
    threshold: Array
    state_bits: int = 8
    strict: bool = False

    onnx_states = ("v",)
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        st = Constant <value_int : int = @strict> ()
        width = Constant <value_int : int = @state_bits> ()
        low = Constant <value_int : int = @code_low> ()
        width_1 = Sub (width, one)
        power = Pow (two, width_1)
        q = Sub (power, one)
        a64 = Cast <to = 7> (x)
        c64 = Cast <to = 7> (v)
        leaks = Cast <to = 7> (leak_table)
        codes = Cast <to = 7> (code_table)
        theta = Cast <to = 7> (threshold)
        row = Add (c64, q)
        kept = Gather (leaks, row)
        charged = Add (kept, a64)
        loose = Sub (one, st)
        theta_cmp = Sub (theta, loose)
        fired = Greater (charged, theta_cmp)
        count = Size (codes)
        last = Sub (count, one)
        offset = Sub (charged, low)
        offset_capped = Min (offset, last)
        index = Max (offset_capped, zero)
        coded = Gather (codes, index)
        v_new = Where (fired, zero, coded)
        y = Cast <to = 3> (fired)
        v_next = Cast <to = 6> (v_new)
    """

    def __post_init__(self) -> None:
        for name in ("leak_table", "code_table", "threshold"):
            object.__setattr__(self, name, parameter(getattr(self, name)))
        object.__setattr__(self, "strict", strictness(self, self.strict))
        if self.state_bits not in (2, 4, 8):
            raise self.fail(f"state_bits {self.state_bits} is not 2, 4 or 8", "Choose one of them")
        if self.leak_table.shape != (2 * self.levels + 1,):
            raise self.fail(
                f"leak_table has shape {self.leak_table.shape}", f"{self.state_bits} bits want {2 * self.levels + 1}"
            )
        if np.abs(self.leak_table).max() >= 1 << 15:
            raise self.fail("leak_table leaves 16 bits", "Use a smaller unit for the membrane potential")
        if self.code_table.ndim != 1 or not 1 <= self.code_table.size <= 1 << 16:
            raise self.fail(f"code_table has shape {self.code_table.shape}", "Give 1 to 65536 codes")
        if np.abs(self.code_table).max() > self.levels:
            raise self.fail(f"code_table leaves [-{self.levels}, {self.levels}]", "Clip it or raise state_bits")
        if abs(self.code_low) >= 1 << 23:
            raise self.fail(f"code_low {self.code_low} is beyond 24 bits", "Use a smaller unit")
        check_threshold(self, self.threshold, 0)

    @property
    def levels(self) -> int:
        """q, the largest code."""
        return (1 << (self.state_bits - 1)) - 1

    def check(self, inputs: tuple[Signal, ...]) -> None:
        per_neuron(self, "threshold", self.threshold, inputs[0].shape)

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, self.state_bits, saturates=True),)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        v = self.leak_table[states[0] + self.levels] + inputs[0]
        s = spikes(v, self.threshold, self.strict)
        index = np.clip(v - self.code_low, 0, self.code_table.size - 1)
        return s, (np.where(s == 1, 0, self.code_table[index]),)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        check_int32(self, "v - code_low", inputs[0].magnitude, np.abs(self.leak_table).max(), np.abs(self.code_low))
        low, high = inputs[0].low + self.leak_table.min(), inputs[0].high + self.leak_table.max()
        s = Interval(spikes(low, self.threshold, self.strict), spikes(high, self.threshold, self.strict))
        codes = (min(0, int(self.code_table.min())), max(0, int(self.code_table.max())))
        return s, (Interval.constant(low.shape, *codes),)
