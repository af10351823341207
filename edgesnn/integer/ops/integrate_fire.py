"""The integrate-and-fire neuron: no leak, no synaptic current."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer.operator import check_int32
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.ops.firing import ONNX_ARGUMENTS, ONNX_FIRE, FiringNeuron
from edgesnn.integer.ops.neuron import check_threshold
from edgesnn.integer.signal import Array, Interval


@dataclass(frozen=True, eq=False)
class IntegrateFire(FiringNeuron):
    """v = saturate(v + a + bias) at +-(2^(state_bits-1) - 1); s = v > threshold (>= unless strict); reset as in Lif.

    v + a + bias is proven to fit int32 before it saturates.

    >>> import numpy as np
    >>> neuron = IntegrateFire(threshold=10, strict=False, reset=Reset.SUBTRACT)
    >>> neuron.step((np.array([[4]]),), (np.array([[9]]),))
    (array([[1]]), (array([[3]]),))
    """

    strict: bool = False
    reset: Reset = Reset.SUBTRACT
    state_bits: int = 16

    onnx_states = ("v",)
    onnx_body = (
        ONNX_ARGUMENTS
        + """
        theta = Identity (t64)
        v_sum = Add (v64, a64)
        v_biased = Add (v_sum, b64)
"""
        + ONNX_FIRE
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_threshold(self, self.threshold, 0)

    def charge(self, a: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
        return (states[0] + a + self.bias,)

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        check_int32(self, "v + a + bias", states[0].magnitude, inputs[0].magnitude, self.bias)
        return super().bound(inputs, states)
