"""Sliding windows over one or two spatial axes, shared by convolution and pooling."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Shape

Sizes = tuple[int, ...]

MAX_PADDED = 1 << 22
"""Elements of one channel with its padding."""


def check_window(op: Operator, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> None:
    """Raises ModelError unless the window's attributes fit its rank (padding: all begins, then all ends)."""
    rank = len(kernel)
    if rank not in (1, 2) or len(stride) != rank or len(dilation) != rank or len(padding) != 2 * rank:
        raise op.fail(
            f"kernel {kernel}, stride {stride}, dilation {dilation}, padding {padding} disagree in rank",
            "Give 1 or 2 sizes each, and twice as many for padding (begins, then ends)",
        )
    if min(kernel + stride + dilation) < 1 or min(padding) < 0:
        raise op.fail("kernel, stride and dilation must be positive, padding not negative", "Correct them")
    if max(kernel + stride + dilation + padding) > MAX_PADDED:
        raise op.fail(f"a kernel, stride, dilation or padding exceeds {MAX_PADDED}", "Correct it")


def window_counts(op: Operator, spatial: Shape, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Shape:
    """How many windows fit along each spatial axis: floor((size + padding - span) / stride) + 1."""
    rank = len(kernel)
    counts = []
    volume = 1
    for axis in range(rank):
        span = dilation[axis] * (kernel[axis] - 1) + 1
        padded = spatial[axis] + padding[axis] + padding[rank + axis]
        if padded < span:
            raise op.fail(f"a window of {span} does not fit in {padded} along axis {axis}", "Pad more, or shrink it")
        counts.append((padded - span) // stride[axis] + 1)
        volume *= padded
    if volume > MAX_PADDED:
        raise op.fail(f"padding {padding} makes a channel of {volume} elements, more than {MAX_PADDED}", "Pad less")
    return tuple(counts)


def windows(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Array:
    """All windows of x (samples, channels, *spatial), zero-padded: (samples, channels, *counts, *kernel)."""
    rank = len(kernel)
    pads = [(0, 0), (0, 0), *((padding[axis], padding[rank + axis]) for axis in range(rank))]
    spans = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    axes = tuple(range(2, 2 + rank))
    view = np.lib.stride_tricks.sliding_window_view(np.pad(x, pads), spans, axis=axes)
    steps = tuple(slice(None, None, s) for s in stride) + tuple(slice(None, None, d) for d in dilation)
    return view[(slice(None), slice(None), *steps)]
