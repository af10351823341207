"""Operators that move values without computing: input, reshape, concatenation."""

from __future__ import annotations

from dataclasses import replace

from edgesnn.integer import Meaning
from edgesnn.integer.ops import Concat, Input, Reshape
from edgesnn.targets.mcu.codegen.builder import SUFFIX, Builder, Tensor, planes
from edgesnn.targets.mcu.codegen.storage import PLANES, natural


def emit_input(b: Builder, op: Input) -> None:
    """The caller's row-major int8 values: packed if spikes or ternary spikes, in place if their order is right."""
    storage = natural("int8", op.shape)
    if op.meaning in (Meaning.SPIKE, Meaning.TERNARY):
        kernel = "esnn_pack_spikes" if op.meaning is Meaning.SPIKE else "esnn_pack_ternary"
        b.call(kernel, "input", storage.channels, storage.positions, b.output(b.output_type()))
    elif 1 in (storage.channels, storage.positions):
        b.alias(Tensor("input", storage, place="input"))
    else:
        b.call("esnn_reshape_i8", "input", 1, storage.size, storage.channels, b.output("int8"))


def emit_reshape(b: Builder, op: Reshape) -> None:
    """The same memory. Whoever needs the order of the new shape asks for it, most do not."""
    (source,) = b.node.inputs
    tensor = b.tensors[source]
    b.alias(replace(tensor, storage=replace(tensor.storage, shape=op.shape)))


def emit_concat(b: Builder, op: Concat) -> None:
    type_ = b.output_type()
    if type_ in PLANES and {b.tensors[source].type for source in b.node.inputs} != {type_}:
        type_ = "int8"  # spikes beside ternary spikes, or what is one of them in an array
    x, z = (b.operand(position, (type_,), canonical=True) for position in (0, 1))
    y = b.output(type_)
    if type_ in PLANES:
        for left, right, to in zip(planes(x), planes(z), planes(y), strict=True):
            b.call("esnn_concat_bits", left, x.storage.channels, right, z.storage.channels, y.storage.positions, to)
    else:
        element = int(SUFFIX[type_][1:]) // 8
        sizes = [tensor.storage.channels * element for tensor in (x, z)]
        b.call("esnn_concat_bytes", x, sizes[0], z, sizes[1], y.storage.positions, y)
