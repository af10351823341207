"""Linear operators as sparse matrices: everything between two spiking layers becomes one matrix and one constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgesnn.integer import Array, Model, Node
from edgesnn.integer.ops import Conv, Dense, Rescale
from edgesnn.integer.ops.pool import Pool
from edgesnn.integer.ops.windows import windows
from edgesnn.integer.signal import Shape

Matrix = Any
"""scipy.sparse.csr_matrix of int64 (outputs, inputs); scipy is imported only where a matrix is made."""


@dataclass(frozen=True, eq=False)
class Affine:
    """y = sum of parts[source] @ x[source], plus offset; all tensors flat, in row-major order."""

    parts: Mapping[str, Matrix]
    offset: Array

    @staticmethod
    def identity(source: str, size: int) -> Affine:
        return Affine({source: sparse().identity(size, np.int64, "csr")}, np.zeros(size, np.int64))

    def through(self, matrix: Matrix, bias: Array) -> Affine:
        """matrix @ y + bias."""
        parts = {source: (matrix @ part).tocsr() for source, part in self.parts.items()}
        return Affine(parts, matrix @ self.offset + bias)

    def __add__(self, other: Affine) -> Affine:
        parts = dict(self.parts)
        for source, part in other.parts.items():
            parts[source] = (parts[source] + part).tocsr() if source in parts else part
        return Affine(parts, self.offset + other.offset)

    def below(self, other: Affine) -> Affine:
        """self's outputs, then those of `other`."""
        stacked = {}
        for source in {**self.parts, **other.parts}:
            halves = [side.parts.get(source) for side in (self, other)]
            width = next(half.shape[1] for half in halves if half is not None)
            sizes = (self.offset.size, other.offset.size)
            filled = [
                sparse().csr_matrix((size, width), dtype=np.int64) if half is None else half
                for half, size in zip(halves, sizes, strict=True)
            ]
            stacked[source] = sparse().vstack(filled, "csr")
        return Affine(stacked, np.concatenate([self.offset, other.offset]))


def sparse() -> Any:
    """scipy.sparse, imported late: checking and building need it, listing targets does not."""
    import scipy.sparse

    return scipy.sparse


def is_linear(node: Node) -> bool:
    """Whether a Rescale is exact without its shift: no clipping, every product a multiple of 2^shift."""
    op = node.op
    return isinstance(op, Rescale) and not op.clips and bool((op.multiplier % (1 << op.shift) == 0).all())


def matrix_of(model: Model, node: Node) -> tuple[Matrix, Array]:
    """(matrix, bias) of a Dense, Conv, pool (windows summed) or linear Rescale."""
    op = node.op
    shape, size = model.inputs_of(node)[0].shape, model.signal(node.name).size
    if isinstance(op, Dense):
        return csr(op.weight), np.broadcast_to(op.bias, (size,))
    if isinstance(op, Conv):
        bias = np.broadcast_to(op.channel_bias, model.signal(node.name).shape)
        return conv_matrix(op, shape), bias.reshape(-1)
    if isinstance(op, Pool):
        return pool_matrix(op, shape), np.zeros(size, np.int64)
    assert isinstance(op, Rescale) and is_linear(node)
    gain = np.broadcast_to(op.multiplier >> op.shift, shape).reshape(-1)
    offset = np.broadcast_to(op.offset >> op.shift, shape).reshape(-1)
    return sparse().diags(gain, format="csr", dtype=np.int64), offset


def conv_matrix(op: Conv, shape: Shape) -> Matrix:
    """(outputs * positions, inputs): the rows of one channel differ only in where the kernel lies."""
    view = positions(shape, op.kernel, op.stride, op.padding, op.dilation)
    rank, outputs = len(op.kernel), len(op.weight)
    counts = view.shape[1 : 1 + rank]
    grouped = view.reshape(op.groups, 1, op.weight.shape[1], *counts, *op.kernel)
    columns = np.broadcast_to(grouped, (op.groups, outputs // op.groups, *grouped.shape[2:]))
    columns = columns.reshape(outputs, *grouped.shape[2:])
    weight = op.weight.reshape(outputs, op.weight.shape[1], *(1,) * rank, *op.kernel)
    rows = np.arange(outputs * int(np.prod(counts))).reshape(outputs, 1, *counts, *(1,) * rank)
    return from_triplets(weight, rows, columns, int(np.prod(shape)))


def pool_matrix(op: Pool, shape: Shape) -> Matrix:
    """(channels * positions, inputs): ones over each window."""
    rank = len(op.kernel)
    columns = positions(shape, op.kernel, op.stride, op.padding, (1,) * rank)
    rows = np.arange(int(np.prod(columns.shape[: 1 + rank]))).reshape(*columns.shape[: 1 + rank], *(1,) * rank)
    return from_triplets(np.ones((1,) * columns.ndim, np.int64), rows, columns, int(np.prod(shape)))


def positions(shape: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Array:
    """Input index under every kernel element of every window, -1 in the padding: (channels, *counts, *kernel)."""
    index = np.arange(1, 1 + int(np.prod(shape)), dtype=np.int64).reshape(1, *shape)
    under: Array = windows(index, kernel, stride, padding, dilation)[0] - 1
    return under


def from_triplets(weight: Array, rows: Array, columns: Array, inputs: int) -> Matrix:
    """The matrix of broadcast (weight, row, column) triplets, without padding and zeros."""
    outputs = int(rows.max()) + 1
    weight, rows, columns = np.broadcast_arrays(weight, rows, columns)
    kept = (columns >= 0) & (weight != 0)
    return sparse().csr_matrix((weight[kept], (rows[kept], columns[kept])), (outputs, inputs), dtype=np.int64)


def csr(weight: Array) -> Matrix:
    return sparse().csr_matrix(weight, dtype=np.int64)
