"""Products of two activity matrices: what attention is made of."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import ops
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Shape


class MatMul(nn.Module):
    """y[g] = A[g] B[g] for each of `groups` (heads); A is a[g] or its transpose, B is b[g] or its transpose.

    a and b are (T, batch, groups * rows, columns), integers within int8; y is (T, batch, groups * rows', columns').
    For queries, keys and values (channels, tokens): `MatMul(heads, transpose_a=True)(q, k)` are the scores Q^T K of
    every head, (heads * tokens, tokens), and `MatMul(heads, transpose_b=True)(v, scores)` is V scores^T.
    """

    def __init__(self, groups: int = 1, transpose_a: bool = False, transpose_b: bool = False) -> None:
        super().__init__()
        self.groups, self.transpose_a, self.transpose_b = groups, transpose_a, transpose_b

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        left, right = self.split(a), self.split(b)
        left = left.transpose(1, 2) if self.transpose_a else left
        right = right.transpose(1, 2) if self.transpose_b else right
        # exact in float32: int8 factors and every sum of a model that passes range analysis in practice stay below 2^24
        product = left @ right
        return product.reshape(*a.shape[:2], -1, product.shape[2])

    def split(self, x: Tensor) -> Tensor:
        """(T, batch, groups * rows, columns) as one batch of matrices (T * batch * groups, rows, columns)."""
        return x.reshape(-1, x.shape[2] // self.groups, x.shape[3])

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        return (ops.MatMul(self.groups, self.transpose_a, self.transpose_b),)
