"""Dense and convolutional layers. A dense layer is one window over its whole input, whatever reshapes lie before."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import Conv, Dense
from edgesnn.targets.mcu.codegen import pairs, rates, weights
from edgesnn.targets.mcu.codegen.builder import SUFFIX, Builder, Tensor
from edgesnn.targets.mcu.codegen.constants import POINTER_BYTES, nested
from edgesnn.targets.mcu.codegen.emit.window import WINDOW_BYTES, Fields, window_fields

INPUTS = ("bits", "ternary", "int8")
SYNAPSE_BYTES = WINDOW_BYTES + 2 + 2 * POINTER_BYTES


def emit_dense(b: Builder, op: Dense) -> None:
    x = b.operand(0, INPUTS)
    weight = op.weight.reshape(len(op.weight), *x.storage.memory)
    height, width = x.storage.memory[1:]
    y = b.output(b.output_type(at_least=16))
    shape = window_fields(b, x, y.storage.memory, (height, width), (1, 1), (0,) * 4, (1, 1))
    _emit(b, op, x, y, weight, 1, shape)


def emit_conv(b: Builder, op: Conv) -> None:
    x = b.operand(0, INPUTS, canonical=True)
    y = b.output(b.output_type(at_least=16))
    shape = window_fields(b, x, y.storage.memory, op.kernel, op.stride, op.padding, op.dilation, op.groups)
    weight = op.weight if op.weight.ndim == 4 else op.weight[:, :, None, :]
    _emit(b, op, x, y, weight, op.groups, shape)


def _emit(b: Builder, op: Dense | Conv, x: Tensor, y: Tensor, weight: Array, groups: int, shape: Fields) -> None:
    if _in_pairs(b, op, x, weight, groups):
        form = pairs.FORM
        stored = b.bytes("weight", pairs.packed(weight), aligned=True)
    else:
        form = weights.choose(op, x.type == "int8", b.prefer)
        rows = weights.input_major(weights.codes(op).reshape(weight.shape), groups)
        stored = b.bytes("weight", weights.packed(rows, form), weights.aligned(rows, form))
    b.weight_forms[b.node.name] = form.text
    record = b.record(
        "synapse",
        "esnn_synapse",
        [
            ("window", nested(shape)),
            ("doubled", int(op.zero_free)),
            ("weight", stored),
            ("bias", _bias(b, op, len(weight), y.type)),
        ],
        SYNAPSE_BYTES,
    )
    b.call(f"esnn_conv_{SUFFIX[x.type]}_{form.suffix}_{SUFFIX[y.type]}", record, x, y)


def _in_pairs(b: Builder, op: Dense | Conv, x: Tensor, weight: Array, groups: int) -> bool:
    """Whether all inputs of each window are multiplied: by 8-bit weights, where flash is not all that counts, if it is
    possible and pays with as many active inputs as the samples have. If nothing is known of them, all are active."""
    along = op.dilation[-1] == 1 if isinstance(op, Conv) else True
    if (
        b.prefer == "flash"
        or x.type != "int8"
        or op.weight_bits != 8
        or groups != 1
        or not along
        or not pairs.fits(weight)
    ):
        return False
    known = rates.of_input(b.model) if x.place == "input" else None
    return pairs.pays(weight, 1.0 if known is None else known)


def _bias(b: Builder, op: Dense | Conv, outputs: int, type_: str) -> str:
    """Biases in the type of the sums: what they lose modulo 2^16, sums that fit 16 bits lose too."""
    if not op.bias.any():
        return "NULL"
    values = np.broadcast_to(op.bias, (outputs,))
    if type_ == "int16":
        values = ((values + (1 << 15)) & 0xFFFF) - (1 << 15)
    return b.array("bias", values, f"{type_}_t")
