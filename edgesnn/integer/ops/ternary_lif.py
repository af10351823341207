"""The leaky neuron with ternary spikes and a membrane potential of 2 to 8 bits (QT-SNN)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import StateSpec, check_int32, differing, parameter, per_neuron
from edgesnn.integer.ops.fire import Reset, reset_kind
from edgesnn.integer.ops.neuron import Neuron
from edgesnn.integer.ops.rounding import shift_half_away, shift_toward_zero
from edgesnn.integer.signal import Array, Interval, Meaning, Signal

MULTIPLIER_MAX = (1 << 15) - 1


@dataclass(frozen=True, eq=False)
class TernaryLif(Neuron):
    """The code c in [-L, L], L = 2^(state_bits-1) - 1, is the whole state. One time step, for input a:

        f = c << fraction_bits
        v = f - toward_zero(f >> leak_shift) + a * multiplier       no leak where leak_shift is 0
        s = +1 where v >= threshold, -1 where v <= -threshold, else 0
        v = 0 | v - s * threshold | v                               where s != 0: reset zero | subtract | none
        c = clip(half_away(v >> fraction_bits), -L, L)

    multiplier (16 bits) and threshold (> 0): a scalar or one a channel or neuron, in units of v; a * multiplier and v
    are proven to fit int32. Shifts are of magnitudes, so that the neuron is odd: opposite input, opposite spikes and
    state. After Wang et al., "Ternary Spike-based Neuromorphic Signal Processing System", Neural Networks 187, 2025,
    whose exact constants were not at hand.

    >>> neuron = TernaryLif(multiplier=2, threshold=20, leak_shift=2, fraction_bits=2, state_bits=4)
    >>> neuron.step((np.array([[3, -7, 9]]),), (np.array([[4, -4, 0]]),))
    (array([[ 0, -1,  0]]), (array([[5, 0, 5]]),))
    """

    multiplier: Array
    threshold: Array
    leak_shift: int = 2
    fraction_bits: int = 4
    state_bits: int = 8
    reset: Reset = Reset.ZERO

    onnx_states = ("v",)
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        leak = Constant <value_int : int = @leak_shift> ()
        f = Constant <value_int : int = @fraction_bits> ()
        width = Constant <value_int : int = @state_bits> ()
        mode = Constant <value_int : int = @reset> ()
        a64 = Cast <to = 7> (x)
        c64 = Cast <to = 7> (v)
        m64 = Cast <to = 7> (multiplier)
        theta = Cast <to = 7> (threshold)
        unit = Pow (two, f)
        fine = Mul (c64, unit)
        leak_unit = Pow (two, leak)
        leaked = Div (fine, leak_unit)
        leaks = Greater (leak, zero)
        lost = Where (leaks, leaked, zero)
        kept = Sub (fine, lost)
        drive = Mul (a64, m64)
        charged = Add (kept, drive)
        size = Abs (charged)
        fires = GreaterOrEqual (size, theta)
        direction = Sign (charged)
        s = Where (fires, direction, zero)
        jump = Mul (s, theta)
        is_zero = Equal (mode, one)
        is_subtract = Equal (mode, two)
        less = Sub (charged, jump)
        if_subtract = Where (is_subtract, less, charged)
        if_fires = Where (is_zero, zero, if_subtract)
        after = Where (fires, if_fires, charged)
        half = Div (unit, two)
        after_size = Abs (after)
        after_half = Add (after_size, half)
        rounded = Div (after_half, unit)
        after_sign = Sign (after)
        code = Mul (rounded, after_sign)
        width_1 = Sub (width, one)
        power = Pow (two, width_1)
        limit = Sub (power, one)
        neg_limit = Neg (limit)
        capped = Min (code, limit)
        clipped = Max (capped, neg_limit)
        y = Cast <to = 3> (s)
        v_next = Cast <to = 6> (clipped)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "multiplier", parameter(self.multiplier))
        object.__setattr__(self, "threshold", parameter(self.threshold))
        object.__setattr__(self, "reset", reset_kind(self, self.reset))
        if self.state_bits not in (2, 4, 8):
            raise self.fail(f"state_bits {self.state_bits} is not 2, 4 or 8", "Choose one of them")
        if not 0 <= self.leak_shift <= 15 or not 0 <= self.fraction_bits <= 15:
            raise self.fail(
                f"leak_shift {self.leak_shift} or fraction_bits {self.fraction_bits} leaves 0..15", "Fix it"
            )
        if np.abs(self.multiplier).max() > MULTIPLIER_MAX:
            raise self.fail(f"multiplier {np.abs(self.multiplier).max()} leaves 16 bits", "Use fewer fraction bits")
        if self.threshold.min() < 1 or self.threshold.max() >= 1 << 23:
            raise self.fail(
                f"threshold from {self.threshold.min()} to {self.threshold.max()} leaves 1..2^23", "Scale it"
            )

    @property
    def levels(self) -> int:
        """L, the largest code."""
        return (1 << (self.state_bits - 1)) - 1

    def check(self, inputs: tuple[Signal, ...]) -> None:
        per_neuron(self, "multiplier", self.multiplier, inputs[0].shape)
        per_neuron(self, "threshold", self.threshold, inputs[0].shape)

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.TERNARY

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("v", inputs[0].shape, self.state_bits, saturates=True),)

    def kept(self, code: Array) -> Array:
        """What the leak leaves of the potential that a code stands for."""
        fine = code << self.fraction_bits
        return fine - shift_toward_zero(fine, self.leak_shift) if self.leak_shift else fine

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        s, after = self.fire(inputs[0], states[0])
        return s, (self.code(after),)

    def fire(self, a: Array, code: Array) -> tuple[Array, Array]:
        """Spikes, and the potentials after the reset."""
        v = self.kept(code) + a * self.multiplier
        s = np.where(np.abs(v) >= self.threshold, np.sign(v), 0)
        return s, self.reset_after(v, s)

    def clipped(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> Array:
        _, after = self.fire(inputs[0], states[0])
        return differing(shift_half_away(after, self.fraction_bits), self.code(after))

    def reset_after(self, v: Array, s: Array) -> Array:
        if self.reset is Reset.NONE:
            return v
        return np.where(s != 0, 0, v) if self.reset is Reset.ZERO else v - s * self.threshold

    def code(self, v: Array) -> Array:
        return np.clip(shift_half_away(v, self.fraction_bits), -self.levels, self.levels)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        drives = (inputs[0].low * self.multiplier, inputs[0].high * self.multiplier)
        for drive in drives:
            check_int32(self, "its membrane potential", drive, self.kept(states[0].magnitude), self.threshold)
        low = self.kept(states[0].low) + np.minimum(*drives)
        high = self.kept(states[0].high) + np.maximum(*drives)
        s = Interval(
            np.where(low <= -self.threshold, -1, (low >= self.threshold).astype(np.int64)),
            np.where(high >= self.threshold, 1, -(high <= -self.threshold).astype(np.int64)),
        )
        after = self.after_bound(low, high)
        return s, (Interval(self.code(after.low), self.code(after.high)),)

    def after_bound(self, low: Array, high: Array) -> Interval:
        """Potentials after the reset of all v in [low, high], whether they fire or not: none lies outside."""
        if self.reset is Reset.NONE:
            return Interval(low, high)
        theta = self.threshold
        up = np.zeros_like(high) if self.reset is Reset.ZERO else np.maximum(high - theta, 0)
        down = np.zeros_like(low) if self.reset is Reset.ZERO else np.minimum(low + theta, 0)
        silent_high, silent_low = np.minimum(high, theta - 1), np.maximum(low, 1 - theta)
        after_high = np.where(high <= -theta, np.maximum(down, 0), np.maximum(silent_high, up))
        after_low = np.where(low >= theta, np.minimum(up, 0), np.minimum(silent_low, down))
        return Interval(np.minimum(after_low, after_high), after_high)

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size if bool((self.multiplier != 1).any()) else 0
