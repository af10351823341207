"""Products of two matrices of activity."""

from __future__ import annotations

from edgesnn.integer.ops import MatMul
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.builder import SUFFIX, Builder, Tensor
from edgesnn.targets.mcu.codegen.storage import natural

MATMUL_BYTES = 4 * 2 + 2
WORD_BY_WORD = 32
"""Length of a summed axis from which words are compared, whatever spikes: there it pays from 16 % spikes on."""


def emit_matmul(b: Builder, op: MatMul) -> None:
    types = {b.tensors[source].type for source in b.node.inputs}
    if types == {"bits"}:
        _emit_spikes(b, op)
    else:
        x, z = (b.operand(position, ("int8",), canonical=True) for position in (0, 1))
        _call(b, op, "i8", x, z, op.transpose_a, op.transpose_b)


def _emit_spikes(b: Builder, op: MatMul) -> None:
    """Pairs of spikes are counted one by one, which wants the summed axis as positions; or by words if it is long."""
    x, z = (b.operand(position, ("bits",), canonical=True) for position in (0, 1))
    (_, _, inner), _ = op.shapes(b.model.inputs_of(b.node))
    if op.transpose_a and not op.transpose_b and inner >= WORD_BY_WORD:
        _call(b, op, "counts", x, z, True, False)
        return
    x = _transposed(b, op, x) if op.transpose_a else x
    z = z if op.transpose_b else _transposed(b, op, z)
    _call(b, op, "events", x, z, False, True)


def _transposed(b: Builder, op: MatMul, x: Tensor) -> Tensor:
    """A copy of spikes with rows and columns of each group exchanged."""
    channels, _, columns = x.storage.memory
    rows = channels // op.groups
    result = b.allocate(
        names.tensor(b.node.name, f"turned{len(b.calls)}"), natural("bits", (op.groups * columns, rows))
    )
    b.scratch[b.node.name] = b.scratch.get(b.node.name, 0) + result.storage.bytes
    b.call("esnn_transpose_bits", x, op.groups, rows, columns, result)
    return result


def _call(b: Builder, op: MatMul, form: str, x: Tensor, z: Tensor, transpose_a: bool, transpose_b: bool) -> None:
    (groups, rows, inner), (_, _, columns) = op.shapes(b.model.inputs_of(b.node))
    y = b.output(b.output_type(at_least=16))
    sizes = {"groups": groups, "rows": rows, "inner": inner, "columns": columns}
    fields: list[tuple[str, object]] = [(name, b.size(name, value)) for name, value in sizes.items()]
    fields += [("transpose_a", int(transpose_a)), ("transpose_b", int(transpose_b))]
    record = b.record("matmul", "esnn_matmul", fields, MATMUL_BYTES)
    b.call(f"esnn_matmul_{form}_{SUFFIX[y.type]}", record, x, z, y)
