"""Products of two activity matrices: spiking attention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer.operator import Operator, check_int32
from edgesnn.integer.ops.synapse import check_input, exact_matmul
from edgesnn.integer.signal import Array, Interval, Meaning, Shape, Signal


@dataclass(frozen=True, eq=False)
class MatMul(Operator):
    """y[g] = A[g] B[g], g one of `groups` (heads), A = x[g] or its transpose, B = z[g] or its transpose.

    x and z have shape (groups * rows, columns), are seen as (groups, rows, columns), and lie within int8; y has shape
    (groups * rows', columns'). Every sum of |products| is proven to fit int32. For queries, keys and values (channels,
    tokens) of h heads: scores Q^T K are MatMul(h, transpose_a=True), (h * tokens, tokens); scores applied to values,
    V A^T, are MatMul(h, transpose_b=True), (channels, tokens). Spikes make both a count of coincidences.

    >>> q, k = np.array([[[1, 0], [1, 1]]]), np.array([[[1, 1], [0, 1]]])
    >>> MatMul(transpose_a=True).step((q, k), ())[0]
    array([[[1, 2],
            [0, 1]]])
    """

    groups: int = 1
    transpose_a: bool = False
    transpose_b: bool = False

    arity = 2
    onnx_body = """
        zero = Constant <value = int64 {0}> ()
        one = Constant <value = int64 {1}> ()
        minus = Constant <value_ints = [-1]> ()
        g = Constant <value_int : int = @groups> ()
        ta = Constant <value_int : int = @transpose_a> ()
        tb = Constant <value_int : int = @transpose_b> ()
        g_list = Unsqueeze (g, zero)
        one_list = Unsqueeze (one, zero)
        x_samples = Shape <start = 0, end = 1> (x)
        x_rows = Shape <start = 1, end = 2> (x)
        x_columns = Shape <start = 2, end = 3> (x)
        z_rows = Shape <start = 1, end = 2> (z)
        z_columns = Shape <start = 2, end = 3> (z)
        x_part = Div (x_rows, g_list)
        z_part = Div (z_rows, g_list)
        x_shape = Concat <axis = 0> (x_samples, g_list, x_part, x_columns)
        z_shape = Concat <axis = 0> (x_samples, g_list, z_part, z_columns)
        x32 = Cast <to = 6> (x)
        z32 = Cast <to = 6> (z)
        a_grouped = Reshape (x32, x_shape)
        b_grouped = Reshape (z32, z_shape)
        a_flipped = Transpose <perm = [0, 1, 3, 2]> (a_grouped)
        b_flipped = Transpose <perm = [0, 1, 3, 2]> (b_grouped)
        a_turns = Equal (ta, one)
        b_turns = Equal (tb, one)
        a_rows = Where (a_turns, x_columns, x_part)
        a_columns = Where (a_turns, x_part, x_columns)
        b_rows = Where (b_turns, z_columns, z_part)
        b_columns = Where (b_turns, z_part, z_columns)
        a_shape = Concat <axis = 0> (x_samples, g_list, a_rows, a_columns)
        b_shape = Concat <axis = 0> (x_samples, g_list, b_rows, b_columns)
        flat = Concat <axis = 0> (x_samples, minus)
        a_plain_flat = Reshape (a_grouped, flat)
        a_flipped_flat = Reshape (a_flipped, flat)
        b_plain_flat = Reshape (b_grouped, flat)
        b_flipped_flat = Reshape (b_flipped, flat)
        a_flat = Where (a_turns, a_flipped_flat, a_plain_flat)
        b_flat = Where (b_turns, b_flipped_flat, b_plain_flat)
        a = Reshape (a_flat, a_shape)
        b = Reshape (b_flat, b_shape)
        product = MatMul (a, b)
        y_rows = Mul (a_rows, g_list)
        y_shape = Concat <axis = 0> (x_samples, y_rows, b_columns)
        y = Reshape (product, y_shape)
    """

    def __post_init__(self) -> None:
        if self.groups < 1:
            raise self.fail(f"groups {self.groups} is not positive", "Give at least 1")
        for name in ("transpose_a", "transpose_b"):
            if getattr(self, name) not in (0, 1):
                raise self.fail(f"{name} {getattr(self, name)!r} is neither true nor false", "Correct it")
            object.__setattr__(self, name, bool(getattr(self, name)))

    def check(self, inputs: tuple[Signal, ...]) -> None:
        for signal in inputs:
            if len(signal.shape) != 2 or signal.shape[0] % self.groups:
                raise self.fail(
                    f"an input of shape {signal.shape} does not split into {self.groups} matrices",
                    "Give (groups * rows, columns)",
                )
            check_input(self, signal)
        (_, _, inner), (_, other, _) = self.shapes(inputs)
        if inner != other:
            raise self.fail(f"matrices with {inner} columns and {other} rows do not multiply", "Transpose one")

    def shapes(self, inputs: tuple[Signal, ...]) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """(groups, rows, columns) of A and of B."""
        a, b = (self.split(np.empty((1, *signal.shape), np.int8)).shape[1:] for signal in inputs)
        turned_a = (a[0], a[2], a[1]) if self.transpose_a else (a[0], a[1], a[2])
        turned_b = (b[0], b[2], b[1]) if self.transpose_b else (b[0], b[1], b[2])
        return turned_a, turned_b

    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape:
        (groups, rows, _), (_, _, columns) = self.shapes(inputs)
        return groups * rows, columns

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return Meaning.ACCUMULATOR

    def split(self, x: Array) -> Array:
        """(samples, groups * rows, columns) as (samples, groups, rows, columns)."""
        return x.reshape(len(x), self.groups, x.shape[1] // self.groups, x.shape[2])

    def operands(self, x: Array, z: Array) -> tuple[Array, Array]:
        a, b = self.split(x), self.split(z)
        return a.swapaxes(2, 3) if self.transpose_a else a, b.swapaxes(2, 3) if self.transpose_b else b

    def product(self, x: Array, z: Array) -> Array:
        y = exact_matmul(*self.operands(x, z))
        return y.reshape(len(y), -1, y.shape[-1])

    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        return self.product(*inputs), ()

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        x, z = inputs
        check_int32(self, "its accumulator", self.product(x.magnitude[None], z.magnitude[None]))
        if x.minimum >= 0 and z.minimum >= 0:
            return Interval(*(self.product(a[None], b[None])[0] for a, b in ((x.low, z.low), (x.high, z.high)))), ()
        largest = self.product(x.magnitude[None], z.magnitude[None])[0]
        return Interval(-largest, largest), ()

    def synaptic_adds(self, inputs: tuple[Array, ...]) -> Array:
        """Pairs of non-zero factors."""
        adds: Array = self.product(*((x != 0).astype(np.int64) for x in inputs)).reshape(len(inputs[0]), -1).sum(axis=1)
        return adds

    def dense_adds(self, inputs: tuple[Signal, ...]) -> int:
        (groups, rows, inner), (_, _, columns) = self.shapes(inputs)
        return groups * rows * inner * columns
