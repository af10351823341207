"""Sliding windows: an int8 tensor's windows copied side by side, padding included."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops.windows import Sizes, windows
from edgesnn.targets.tflite.graph import Graph
from edgesnn.targets.tflite.values import Value


def gather_windows(graph: Graph, x: Value, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Value:
    """All windows of x (1, *spatial, channels): (places, kernel positions, channels)."""
    *spatial, channels = x.shape[1:]
    table = window_table(tuple(spatial), kernel, stride, padding, dilation)
    rows = graph.reshape(x, (int(np.prod(spatial)), channels))
    if (table == 0).any():
        rows = graph.concatenate(np.zeros((1, channels), np.int64), rows, axis=0)
    else:
        table = table - 1
    return graph.reshape(graph.rows(rows, table.ravel()), (*table.shape, channels))


def window_table(spatial: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Array:
    """1 + the row that each place (axis 0) and kernel position (axis 1) reads; 0 is padding."""
    numbers = 1 + np.arange(int(np.prod(spatial)), dtype=np.int64).reshape(1, 1, *spatial)
    view = windows(numbers, kernel, stride, padding, dilation)
    return view.reshape(-1, int(np.prod(kernel)))
