"""The esnn_window record of a convolution, dense layer or pool."""

from __future__ import annotations

from collections.abc import Sequence

from edgesnn.targets.mcu.codegen.builder import Builder, Tensor

WINDOW_BYTES = 15 * 2
Fields = list[tuple[str, object]]


def window_fields(
    b: Builder,
    x: Tensor,
    y: tuple[int, int, int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int = 1,
) -> Fields:
    """The record's fields; sizes with one spatial axis get a height of 1. y is (channels, height, width)."""
    rank = len(kernel)
    ones = [1] * (2 - rank)
    kernel, stride, dilation = ([*ones, *sizes] for sizes in (kernel, stride, dilation))
    begins = [0] * (2 - rank) + list(padding[:rank])
    channels, height, width = x.storage.memory
    sizes = {
        "height": height, "width": width, "channels": channels,
        "out_height": y[1], "out_width": y[2], "out_channels": y[0],
        "kernel_height": kernel[0], "kernel_width": kernel[1],
        "stride_y": stride[0], "stride_x": stride[1],
        "dilation_y": dilation[0], "dilation_x": dilation[1],
        "pad_top": begins[0], "pad_left": begins[1],
        "groups": groups,
    }  # fmt: skip
    return [(name, b.size(name, value)) for name, value in sizes.items()]
