"""Maximum of spikes over windows: a logical or."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.ops.pool import Pool
from edgesnn.integer.signal import Array, Meaning, Signal


@dataclass(frozen=True, eq=False)
class MaxPool(Pool):
    """y = 1 where any input of the window spiked; x must be spikes, padding is silent.

    >>> MaxPool(kernel=(2,)).step((np.array([[[1, 1, 0, 0]]]),), ())[0]
    array([[[1, 0]]])
    """

    onnx_body = """
        x8 = Cast <to = 3> (x)
        y = MaxPool <kernel_shape : ints = @kernel, strides : ints = @stride, pads : ints = @padding> (x8)
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        rank = len(self.kernel)
        if any(self.padding[side] >= self.kernel[side % rank] for side in range(2 * rank)):
            raise self.fail(f"padding {self.padding} reaches kernel {self.kernel}", "Pad less than the kernel")

    def check(self, inputs: tuple[Signal, ...]) -> None:
        super().check(inputs)
        if inputs[0].meaning is not Meaning.SPIKE:
            raise self.fail(f"its input is {inputs[0].meaning}, not spikes", "Pool after the neuron, or use SumPool")

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        view, axes = self.pooled(inputs[0])
        return np.max(view, axis=axes), ()
