"""Pooling."""

from __future__ import annotations

from edgesnn.integer.ops import MaxPool, SumPool
from edgesnn.integer.ops.pool import Pool
from edgesnn.targets.mcu.codegen.builder import SUFFIX, Builder, Tensor
from edgesnn.targets.mcu.codegen.emit.window import WINDOW_BYTES, window_fields


def emit_max_pool(b: Builder, op: MaxPool) -> None:
    _emit(b, op, b.operand(0, ("bits",), canonical=True), b.output("bits"), "esnn_max_pool_bits")


def emit_sum_pool(b: Builder, op: SumPool) -> None:
    x = b.operand(0, ("int8",), canonical=True)
    y = b.output(b.output_type())
    _emit(b, op, x, y, f"esnn_sum_pool_{SUFFIX[y.type]}")


def _emit(b: Builder, op: Pool, x: Tensor, y: Tensor, kernel: str) -> None:
    ones = (1,) * len(op.kernel)
    fields = window_fields(b, x, y.storage.memory, op.kernel, op.stride, op.padding, ones)
    b.call(kernel, b.record("window", "esnn_window", fields, WINDOW_BYTES), x, y)
