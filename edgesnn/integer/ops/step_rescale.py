"""Multiply, add, shift, with a multiplier of its own for every time step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator, StateSpec, check_int32, parameter, per_neuron
from edgesnn.integer.signal import Array, Interval, Meaning, Shape, Signal

STEP_BITS = 16


@dataclass(frozen=True, eq=False)
class StepRescale(Operator):
    """y = (x * multiplier[t] + offset) >> shift at step t, an arithmetic shift; t stays at the last multiplier.

    multiplier (steps, ...): a scalar or one a channel or element at each step; offset likewise without the first axis.
    The state `t` counts the steps since the reset. x * multiplier and the sum are proven to fit int32.

    >>> scale = StepRescale(multiplier=[[2], [3]], shift=1)
    >>> scale.step((np.array([[5]]),), (np.array([[0]]),))
    (array([[5]]), (array([[1]]),))
    >>> scale.step((np.array([[5]]),), (np.array([[1]]),))
    (array([[7]]), (array([[1]]),))
    """

    multiplier: Array
    offset: Array = 0  # type: ignore[assignment]
    shift: int = 0

    onnx_states = ("t",)
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        two = Constant <value = int64 {2}> ()
        sh = Constant <value_int : int = @shift> ()
        x64 = Cast <to = 7> (x)
        t64 = Cast <to = 7> (t)
        m64 = Cast <to = 7> (multiplier)
        o64 = Cast <to = 7> (offset)
        samples = Shape <start = 0, end = 1> (x)
        t_flat = Reshape (t64, samples)
        m_rows = Gather <axis = 0> (m64, t_flat)
        tail = Shape <start = 1> (m64)
        x_shape = Shape (x)
        x_rank = Size (x_shape)
        tail_rank = Size (tail)
        own_rank = Sub (x_rank, one)
        missing = Sub (own_rank, tail_rank)
        missing_list = Unsqueeze (missing, zero)
        ones = ConstantOfShape <value = int64[1] {1}> (missing_list)
        m_shape = Concat <axis = 0> (samples, ones, tail)
        m = Reshape (m_rows, m_shape)
        product = Mul (x64, m)
        total = Add (product, o64)
        unit = Pow (two, sh)
        unit_1 = Sub (unit, one)
        negative = Less (total, zero)
        down = Sub (total, unit_1)
        floored = Where (negative, down, total)
        shifted = Div (floored, unit)
        y = Cast <to = 6> (shifted)
        steps = Shape <start = 0, end = 1> (m64)
        last = Sub (steps, one)
        next = Add (t64, one)
        next_capped = Min (next, last)
        t_next = Cast <to = 6> (next_capped)
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "multiplier", parameter(self.multiplier))
        object.__setattr__(self, "offset", parameter(self.offset))
        if self.multiplier.ndim < 1:
            raise self.fail("multiplier has no axis for the time steps", "Give (steps, ...)")
        if not 0 <= self.shift <= 30:
            raise self.fail(f"shift {self.shift} is outside 0..30", "Choose a shift in that range")
        if len(self.multiplier) >= 1 << (STEP_BITS - 1):
            raise self.fail(f"{len(self.multiplier)} steps leave {STEP_BITS} bits", "Give fewer")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        per_neuron(self, "multiplier", self.multiplier[0], inputs[0].shape)
        per_neuron(self, "offset", self.offset, inputs[0].shape)

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        return inputs[0].shape

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("t", (1,), STEP_BITS, saturates=True),)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        x, last = inputs[0], len(self.multiplier) - 1
        now = self.multiplier[np.clip(states[0][:, 0], 0, last)]  # (samples, ...)
        multiplier = now.reshape(len(now), *(1,) * (x.ndim - now.ndim), *now.shape[1:])
        return (x * multiplier + self.offset) >> self.shift, (np.clip(states[0] + 1, 0, last),)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        last = len(self.multiplier) - 1
        first, final = (int(np.clip(edge, 0, last)) for edge in (states[0].minimum, states[0].maximum))
        reached, corners = self.multiplier[first : final + 1], []
        for multiplier in (reached.min(axis=0), reached.max(axis=0)):  # of each element, and each belongs to a step
            for x in (inputs[0].low, inputs[0].high):
                check_int32(self, "x * multiplier + offset", x * multiplier, self.offset)
                corners.append((x * multiplier + self.offset) >> self.shift)
        t = Interval(np.clip(states[0].low + 1, 0, last), np.clip(states[0].high + 1, 0, last))
        return Interval(np.minimum.reduce(corners), np.maximum.reduce(corners)), (t,)

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        return inputs[0].size if bool((self.multiplier != 1).any()) else 0
