"""Readout by spike count."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer.operator import StateSpec
from edgesnn.integer.ops.readout import SCORE_BITS, SpikeReadout
from edgesnn.integer.signal import Array, Signal


@dataclass(frozen=True, eq=False)
class SpikeCount(SpikeReadout):
    """count = count + s; the output is the count: most spikes win.

    >>> import numpy as np
    >>> SpikeCount().step((np.array([[0, 1]]),), (np.array([[2, 2]]),))[0]
    array([[2, 3]])
    """

    onnx_states = ("count",)
    onnx_body = """
        s32 = Cast <to = 6> (x)
        count_next = Add (count, s32)
        y = Identity (count_next)
    """

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return (StateSpec("count", inputs[0].shape, SCORE_BITS),)

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        count = states[0] + inputs[0]
        return count, (count,)
