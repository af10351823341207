"""What both poolings share: windows over the spatial axes of each channel."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer.operator import Operator
from edgesnn.integer.ops.windows import check_window, window_counts, windows
from edgesnn.integer.signal import Array, Shape, Signal


@dataclass(frozen=True, eq=False)
class Pool(Operator):
    """kernel, stride (default: kernel) and zero padding (all begins, then all ends) over 1 or 2 spatial axes."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        rank = len(self.kernel)
        object.__setattr__(self, "kernel", tuple(self.kernel))
        object.__setattr__(self, "stride", tuple(self.stride) or self.kernel)
        object.__setattr__(self, "padding", tuple(self.padding) or (0,) * 2 * rank)
        check_window(self, self.kernel, self.stride, self.padding, (1,) * rank)

    def check(self, inputs: tuple[Signal, ...]) -> None:
        if len(inputs[0].shape) != 1 + len(self.kernel):
            raise self.fail(
                f"its input has shape {inputs[0].shape}, its kernel wants {len(self.kernel)} spatial axes",
                "Reshape the input or change the kernel",
            )

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        channels, *spatial = inputs[0].shape
        ones = (1,) * len(self.kernel)
        return (channels, *window_counts(self, tuple(spatial), self.kernel, self.stride, self.padding, ones))

    def pooled(self, x: Array) -> tuple[Array, tuple[int, ...]]:
        """All windows of x and the axes to reduce."""
        rank = len(self.kernel)
        view = windows(x, self.kernel, self.stride, self.padding, (1,) * rank)
        return view, tuple(range(view.ndim - rank, view.ndim))
