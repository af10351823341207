"""Dense and convolutional layers. A dense layer is one window over its whole input, whatever reshapes lie before."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import Conv, Dense
from edgesnn.targets.mcu.codegen.builder import SIZES, Builder, Tensor
from edgesnn.targets.mcu.codegen.emit.window import window

BIAS_128 = 128
"""8-bit weights of spiking inputs are stored as weight + 128, so that lanes of a word never borrow."""


def emit_dense(b: Builder, op: Dense) -> None:
    x = b.operand(0, ("bits", "int8"))
    channels, height, width = x.storage.memory
    weight = op.weight.reshape(len(op.weight), channels, height, width)
    y = b.output(b.output_type(at_least=16))
    shape = window(b, x, y.storage.memory, (height, width), (1, 1), (0,) * 4, (1, 1))
    _emit(b, op, x, y, weight, 1, shape)


def emit_conv(b: Builder, op: Conv) -> None:
    x = b.operand(0, ("bits", "int8"), canonical=True)
    y = b.output(b.output_type(at_least=16))
    shape = window(b, x, y.storage.memory, op.kernel, op.stride, op.padding, op.dilation, op.groups)
    weight = op.weight if op.weight.ndim == 4 else op.weight[:, :, None, :]
    _emit(b, op, x, y, weight, op.groups, shape)


def _emit(b: Builder, op: Dense | Conv, x: Tensor, y: Tensor, weight: Array, groups: int, shape: str) -> None:
    rows = input_major(weight, groups)
    if x.type == "int8":
        form, stored = "i8_w8", b.array("weight", rows, "int8_t")
    elif op.weight_bits == 1:
        form, stored = "bits_w1", b.array("weight", sign_planes(rows), "uint32_t")
    else:
        form, stored = "bits_w8", b.array("weight", lanes(rows), "uint32_t")
    silent = not op.bias.any()
    bias = "NULL" if silent else b.array("bias", np.broadcast_to(op.bias, (len(weight),)), "int32_t")
    b.call(f"esnn_conv_{form}_i{8 * SIZES[y.type]}", shape, x, stored, bias, y)


def input_major(weight: Array, groups: int) -> Array:
    """(outputs, inputs / groups, height, width) as (groups, rows, outputs / groups): a row is one input at one tap."""
    outputs, inputs, height, width = weight.shape
    grouped = weight.reshape(groups, outputs // groups, inputs, height, width)
    return grouped.transpose(0, 3, 4, 2, 1).reshape(groups, height * width * inputs, outputs // groups)


def lanes(rows: Array) -> Array:
    """Rows as words of four weights plus 128, first weight in the lowest byte; padded with zeros."""
    padded = np.zeros((*rows.shape[:-1], -(-rows.shape[-1] // 4) * 4), np.int64)
    padded[..., : rows.shape[-1]] = rows + BIAS_128
    words: Array = (padded.reshape(*rows.shape[:-1], -1, 4) << (8 * np.arange(4))).sum(-1)
    return words


def sign_planes(rows: Array) -> Array:
    """Rows of -1 and +1 as words of 32 signs in the order of the bit-sliced counters, and a row of zeros a group."""
    groups, count, outputs = rows.shape
    positive = np.zeros((groups, count + 1, -(-outputs // 32) * 32), np.int64)
    positive[:, :count, :outputs] = rows > 0
    place = np.arange(32) // 4 + 8 * np.array([0, 2, 1, 3])[np.arange(32) % 4]
    words: Array = (positive.reshape(groups, count + 1, -1, 32) << place).sum(-1)
    return words
