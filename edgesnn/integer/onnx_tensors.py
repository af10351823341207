"""Parameters as ONNX tensors and back: INT4, INT8, INT16 or INT32, raw, never in another file."""

from __future__ import annotations

import math

import numpy as np
import onnx
from onnx import TensorProto

from edgesnn.errors import FileError
from edgesnn.integer.signal import MAX_ELEMENTS, Array

MAX_RANK = 4
DTYPES: dict[int, str] = {TensorProto.INT8: "<i1", TensorProto.INT16: "<i2", TensorProto.INT32: "<i4"}


def tensor(name: str, value: Array, bits: int) -> onnx.TensorProto:
    """A tensor of the narrowest of INT4, INT8, INT16 and INT32 that has at least `bits` bits."""
    kinds = {4: TensorProto.INT4, 8: TensorProto.INT8, 16: TensorProto.INT16, 32: TensorProto.INT32}
    kind = next(kinds[width] for width in kinds if bits <= width)
    raw = pack_nibbles(value) if kind == TensorProto.INT4 else value.astype(DTYPES[kind]).tobytes()
    return TensorProto(name=name, dims=value.shape, data_type=kind, raw_data=raw)


def array(source: str, proto: onnx.TensorProto) -> Array:
    """The integers of a tensor of a file that is not trusted. Raises FileError naming the tensor."""
    where = f"{source}: tensor {proto.name!r:.80}"
    if proto.data_location != TensorProto.DEFAULT or proto.external_data:
        raise FileError(where, "its data lie in another file", "Save the model with its data inside")
    if proto.data_type != TensorProto.INT4 and proto.data_type not in DTYPES:
        raise FileError(
            where, f"has element type {proto.data_type}, not INT4, INT8, INT16 or INT32", "Save it with edgesnn"
        )
    shape = tuple(proto.dims)
    if len(shape) > MAX_RANK or any(not 0 < size <= MAX_ELEMENTS for size in shape):
        raise FileError(where, f"has dimensions {shape!s:.80}", f"Use up to {MAX_RANK} positive ones")
    size = math.prod(shape)
    if size > MAX_ELEMENTS:
        raise FileError(where, f"has {size} elements, more than {MAX_ELEMENTS}", "Make the model smaller")
    nibbles = proto.data_type == TensorProto.INT4
    expected = (size + 1) // 2 if nibbles else size * np.dtype(DTYPES[proto.data_type]).itemsize
    if len(proto.raw_data) != expected:
        raise FileError(
            where, f"has {len(proto.raw_data)} bytes of raw data, its shape wants {expected}", "Save it with edgesnn"
        )
    if nibbles:
        return unpack_nibbles(proto.raw_data, size).reshape(shape)
    return np.frombuffer(proto.raw_data, DTYPES[proto.data_type]).astype(np.int64).reshape(shape)


def pack_nibbles(value: Array) -> bytes:
    """4-bit two's complement, two a byte, the first in the low half.

    >>> pack_nibbles(np.array([1, -1, 7])).hex()
    'f107'
    """
    codes = (value.ravel() & 15).astype(np.uint8)
    codes = np.append(codes, np.zeros(codes.size % 2, np.uint8))
    packed: bytes = (codes[::2] | codes[1::2] << 4).tobytes()
    return packed


def unpack_nibbles(raw: bytes, size: int) -> Array:
    """
    >>> unpack_nibbles(bytes.fromhex("f107"), 3)
    array([ 1, -1,  7])
    """
    codes = np.frombuffer(raw, np.uint8).astype(np.int64)
    values = np.stack([codes & 15, codes >> 4], axis=1).ravel()[:size]
    return np.where(values > 7, values - 16, values)
