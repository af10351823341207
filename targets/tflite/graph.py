"""Integer arithmetic written as TFLite operators, with the range of every intermediate result proven on the way.

Only combinations of operator and type that the interpreters compute exactly are offered here: sums, products and
comparisons in int32, int8 matrix products summed in int32, and moves of data.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from edgesnn.integer import Array, Interval
from edgesnn.integer.signal import Shape
from edgesnn.targets.tflite.flatbuffer import Subgraph
from edgesnn.targets.tflite.values import Operand, Value, everywhere, high, is_constant, low, number, require


class Graph:
    """Appends operators to a subgraph. `scope` names the node being written, for tensor names and messages."""

    def __init__(self, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self.scope = ""
        self._count = 0
        self._taken: set[int] = set()

    # --- ends

    def input(self, name: str, dtype: str, interval: Interval) -> Value:
        """A tensor that comes from outside the subgraph."""
        tensor = self.subgraph.tensor(name, interval.low.shape, dtype)
        self._taken.add(tensor)
        return Value(tensor, dtype, interval)

    def named(self, value: Value, name: str) -> Value:
        """The value in a tensor of that name: its own, or a copy where it has a name already."""
        if value.tensor in self._taken:
            value = self._reshaped(value, value.shape)
        self._taken.add(value.tensor)
        self.subgraph.rename(value.tensor, name)
        return value

    # --- int32 arithmetic

    def add(self, a: Value, b: Operand, proven: Interval | None = None) -> Value:
        """a + b. `proven`: tighter bounds that hold for a reason the operands do not show."""
        if is_constant(b, 0):
            return a
        return self._arithmetic("ADD", a, b, Interval(low(a) + low(b), high(a) + high(b)), proven)

    def subtract(self, a: Operand, b: Operand, proven: Interval | None = None) -> Value:
        return self._arithmetic("SUB", a, b, Interval(low(a) - high(b), high(a) - low(b)), proven)

    def multiply(self, a: Value, b: Operand) -> Value:
        if is_constant(b, 1):
            return a
        corners = [x * y for x in (a.low, a.high) for y in (low(b), high(b))]
        return self._arithmetic("MUL", a, b, Interval(np.minimum.reduce(corners), np.maximum.reduce(corners)))

    def shift_left(self, a: Value, bits: int) -> Value:
        return self.multiply(a, number(1 << bits))

    def shift_right(self, a: Value, bits: int) -> Value:
        """Arithmetic shift: rounds down. RIGHT_SHIFT wants one amount an element; FILL keeps them out of the file."""
        if bits == 0:
            return a
        amounts = self.filled(a.shape, bits)
        return self._arithmetic("RIGHT_SHIFT", a, amounts, Interval(a.low >> bits, a.high >> bits))

    def divide(self, a: Value, divisor: Array) -> Value:
        """a / divisor for positive divisors: rounds toward zero."""
        if is_constant(divisor, 1):
            return a
        ends = (np.sign(end) * (np.abs(end) // divisor) for end in (a.low, a.high))
        return self._arithmetic("DIV", a, divisor, Interval(*ends))

    def clip(self, a: Value, smallest: int, largest: int) -> Value:
        """a limited to [smallest, largest]; nothing is written where it cannot leave them."""
        if a.range.maximum > largest:
            a = self._arithmetic(
                "MINIMUM", a, number(largest), Interval(np.minimum(a.low, largest), np.minimum(a.high, largest))
            )
        if a.range.minimum < smallest:
            a = self._arithmetic(
                "MAXIMUM", a, number(smallest), Interval(np.maximum(a.low, smallest), np.maximum(a.high, smallest))
            )
        return a

    def filled(self, shape: Shape, value: int) -> Value:
        """A tensor of one value, made at run time."""
        dims = self._constant(np.array(shape, np.int64), "int32")
        scalar = self._constant(np.array(value, np.int64), "int32")
        return self._emit("FILL", (dims, scalar), "int32", everywhere(shape, value, value))

    # --- choices

    def greater(self, a: Operand, b: Operand) -> Value:
        """a > b, as bool."""
        interval = Interval((low(a) > high(b)).astype(np.int64), (high(a) > low(b)).astype(np.int64))
        return self._binary("GREATER", a, b, interval, "bool")

    def select(self, condition: Value, a: Operand, b: Value) -> Value:
        """a where the condition holds, else b; of b's type and shape."""
        interval = Interval(np.minimum(low(a), b.low), np.maximum(high(a), b.high))
        tensors = (condition.tensor, self._tensor(a, b.dtype), b.tensor)
        return self._emit("SELECT_V2", tensors, b.dtype, interval)

    def row_at(self, table: Array, index: Value) -> Value:
        """table[index] for one index, as int32: a row with a leading axis of 1."""
        tensors = (self._constant(table, "int32"), self.reshape(index, (1,)).tensor)
        return self._emit("GATHER", tensors, "int32", Interval(table.min(0)[None], table.max(0)[None]))

    def look_up(self, table: Array, index: Value, dtype: str) -> Value:
        """table[index], element by element."""
        if index.range.minimum < 0 or index.range.maximum >= len(table):
            raise ValueError(f"{self.scope}: index from {index.range.minimum} to {index.range.maximum}")
        interval = everywhere(index.shape, int(table.min()), int(table.max()))
        return self._emit("GATHER", (self._constant(table, dtype), index.tensor), dtype, interval)

    # --- types

    def cast(self, a: Value, dtype: str) -> Value:
        """The same integers as another type, which must hold them."""
        return a if a.dtype == dtype else self._emit("CAST", (a.tensor,), dtype, a.range)

    def int8(self, a: Value) -> Value:
        return self.cast(a, "int8")

    def int32(self, a: Value) -> Value:
        return self.cast(a, "int32")

    # --- moves

    def reshape(self, a: Value, shape: Shape) -> Value:
        return a if a.shape == shape else self._reshaped(a, shape)

    def transpose(self, a: Value, order: tuple[int, ...]) -> Value:
        """Axes in a new order; a reshape where only axes of size 1 move."""
        shape = tuple(a.shape[axis] for axis in order)
        moving = [axis for axis in order if a.shape[axis] > 1]
        if moving == sorted(moving):
            return self.reshape(a, shape)
        tensors = (a.tensor, self._constant(np.array(order, np.int64), "int32"))
        return self._emit("TRANSPOSE", tensors, a.dtype, Interval(a.low.transpose(order), a.high.transpose(order)))

    def concatenate(self, a: Operand, b: Value, axis: int) -> Value:
        interval = Interval(np.concatenate([low(a), b.low], axis), np.concatenate([high(a), b.high], axis))
        return self._emit("CONCATENATION", (self._tensor(a, b.dtype), b.tensor), b.dtype, interval, axis=axis)

    def rows(self, a: Value, index: Array) -> Value:
        """a[index] along the first axis."""
        if len(index) == len(a.low) and bool((index == np.arange(len(index))).all()):
            return a
        tensors = (a.tensor, self._constant(index, "int32"))
        interval = everywhere((len(index), *a.shape[1:]), a.range.minimum, a.range.maximum)
        return self._emit("GATHER", tensors, a.dtype, interval)

    def pad(self, a: Value, pads: tuple[tuple[int, int], ...]) -> Value:
        """Zeros around a: (before, after) for every axis."""
        if not np.any(pads):
            return a
        tensors = (a.tensor, self._constant(np.array(pads, np.int64), "int32"))
        return self._emit("PAD", tensors, a.dtype, Interval(np.pad(a.low, pads), np.pad(a.high, pads)))

    # --- reductions; their bounds come from range analysis

    def sum(self, a: Value, axis: int, proven: Interval) -> Value:
        axes = self._constant(number(axis), "int32")
        return self._emit("SUM", (a.tensor, axes), "int32", proven, keepDims=False)

    def matrix_product(self, a: Value, b: Operand, proven: Interval) -> Value:
        """a (groups, rows, inputs) times b (groups, outputs, inputs), int8, summed in int32."""
        tensors = (a.tensor, self._tensor(b, "int8"))
        return self._emit("BATCH_MATMUL", tensors, "int32", proven, adjX=False, adjY=True)

    def max_pool(self, a: Value, kernel: tuple[int, int], stride: tuple[int, int], proven: Interval) -> Value:
        """Largest element of each window of a (1, height, width, channels), int8, windows inside only."""
        valid = self.subgraph.model.schema.Padding.VALID
        return self._emit(
            "MAX_POOL_2D", (a.tensor,), a.dtype, proven, padding=valid,
            filterHeight=kernel[0], filterWidth=kernel[1], strideH=stride[0], strideW=stride[1],
        )  # fmt: skip

    # --- writing

    def _arithmetic(
        self, name: str, a: Operand, b: Operand, interval: Interval, proven: Interval | None = None
    ) -> Value:
        if proven is not None:
            interval = Interval(np.maximum(interval.low, proven.low), np.minimum(interval.high, proven.high))
        return self._binary(name, a, b, interval, "int32")

    def _binary(self, name: str, a: Operand, b: Operand, interval: Interval, dtype: str) -> Value:
        return self._emit(name, (self._tensor(a, "int32"), self._tensor(b, "int32")), dtype, interval)

    def _reshaped(self, a: Value, shape: Shape) -> Value:
        sizes = self._constant(np.array(shape, np.int64), "int32")
        interval = Interval(a.low.reshape(shape), a.high.reshape(shape))
        return self._emit("RESHAPE", (a.tensor, sizes), a.dtype, interval, newShape=np.array(shape, np.int32))

    def _emit(self, name: str, inputs: tuple[int, ...], dtype: str, interval: Interval, **options: Any) -> Value:
        require(self.scope, interval, dtype)
        tensor = self.subgraph.tensor(self._name(), interval.low.shape, dtype)
        self.subgraph.operator(name, inputs, (tensor,), **options)
        return Value(tensor, dtype, interval)

    def _tensor(self, operand: Operand, dtype: str) -> int:
        if not isinstance(operand, Value):
            return self._constant(operand, dtype)
        if operand.dtype != dtype:
            raise TypeError(f"{self.scope}: {operand.dtype} where {dtype} is wanted")
        return operand.tensor

    def _constant(self, value: Array, dtype: str) -> int:
        require(self.scope, everywhere(value.shape, int(value.min()), int(value.max())), dtype)
        return self.subgraph.constant(self._name(), value, dtype)

    def _name(self) -> str:
        self._count += 1
        return f"{self.scope}:{self._count}"
