"""How one tensor lies in a device's memory, and the way from those bytes to the model's array and back."""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from edgesnn.integer import Array

ELEMENT_BITS = {"bits": 1, "ternary": 2, "int2": 2, "int4": 4, "int8": 8, "int16": 16, "int32": 32}
PLANES = {"bits": 1, "ternary": 2}
"""Types that are packed in words: how many tensors of bits they are."""
WORD_BITS = 32
SPATIAL_AXES = 2


@dataclass(frozen=True)
class Storage:
    """A tensor in memory: position-major, that is (height, width), then channels.

    type: "bits" packs spikes, each position in its own ceil(channels / 32) 32-bit words, lowest channel in the lowest
        bit; "ternary" is two of them, one behind the other: where it is +1, where it is -1; "int2" and "int4" pack
        two's-complement values without gaps, lowest index in the lowest bits of a byte; "int8", "int16" and "int32"
        are arrays. Words are little-endian.
    shape: the tensor's shape in the model: (N,), (C, L) or (C, H, W).
    memory: (channels, height, width) whose position-major order the memory has. Its row-major elements are those of
        `shape`; both differ only behind a reshape that costs nothing.
    """

    type: str
    shape: tuple[int, ...]
    memory: tuple[int, int, int]

    @property
    def channels(self) -> int:
        return self.memory[0]

    @property
    def positions(self) -> int:
        return self.memory[1] * self.memory[2]

    @property
    def size(self) -> int:
        return self.channels * self.positions

    @property
    def words(self) -> int:
        """32-bit words of one position of one plane, for "bits" and "ternary"."""
        return -(-self.channels // WORD_BITS)

    @property
    def bytes(self) -> int:
        if self.type in PLANES:
            return PLANES[self.type] * 4 * self.words * self.positions
        return -(-self.size * ELEMENT_BITS[self.type] // 8)

    def encode(self, value: Array) -> builtins.bytes:
        """The bytes of a tensor (any shape with the right number of elements, row-major), unused bits zero."""
        rows = self.rows(np.asarray(value))
        if self.type == "ternary":
            return self._pack_bits(rows > 0) + self._pack_bits(rows < 0)
        if self.type == "bits":
            return self._pack_bits(rows)
        if ELEMENT_BITS[self.type] < 8:
            return _pack(rows.ravel(), ELEMENT_BITS[self.type])
        return rows.astype(f"<i{ELEMENT_BITS[self.type] // 8}").tobytes()

    def decode(self, raw: builtins.bytes) -> Array:
        """The tensor in the model's shape, int64. Raises ValueError unless `raw` has exactly `bytes` bytes."""
        if len(raw) != self.bytes:
            raise ValueError(f"{len(raw)} bytes, not {self.bytes}")
        if self.type in PLANES:
            planes = np.frombuffer(raw, np.uint8).reshape(-1, self.positions, 4 * self.words)
            bits = np.unpackbits(planes, axis=2, bitorder="little")[:, :, : self.channels].astype(np.int64)
            rows: npt.NDArray[Any] = bits[0] - bits[1] if self.type == "ternary" else bits[0]
        elif ELEMENT_BITS[self.type] < 8:
            rows = _unpack(raw, ELEMENT_BITS[self.type], self.size)
        else:
            rows = np.frombuffer(raw, f"<i{ELEMENT_BITS[self.type] // 8}")
        channels, height, width = self.memory
        ordered = rows.reshape(height, width, channels).transpose(2, 0, 1)
        return ordered.astype(np.int64).reshape(self.shape)

    def _pack_bits(self, rows: npt.NDArray[Any]) -> builtins.bytes:
        padded = np.zeros((self.positions, WORD_BITS * self.words), np.uint8)
        padded[:, : self.channels] = rows
        return np.packbits(padded, axis=1, bitorder="little").tobytes()

    def rows(self, value: Array) -> Array:
        """(positions, channels) of a tensor in the model's order."""
        return value.reshape(self.memory).transpose(1, 2, 0).reshape(self.positions, self.channels)


def memory_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(channels, height, width) of a tensor: a vector is one position, a sequence has height one."""
    missing = SPATIAL_AXES + 1 - len(shape)
    channels, *spatial = shape
    height, width = [1] * missing + spatial
    return channels, height, width


def natural(type_: str, shape: tuple[int, ...]) -> Storage:
    """Storage in the position-major order of the tensor's own shape."""
    return Storage(type_, shape, memory_shape(shape))


def smallest(low: int, high: int, at_least: int = 8) -> str:
    """The narrowest array type of at least so many bits that holds [low, high]."""
    for bits in (8, 16, 32):
        if bits >= at_least and -(1 << bits - 1) <= low and high < 1 << bits - 1:
            return f"int{bits}"
    raise ValueError(f"[{low}, {high}] is beyond int32")


def _pack(values: Array, bits: int) -> bytes:
    per_byte = 8 // bits
    padded = np.zeros(per_byte * math.ceil(len(values) / per_byte), np.uint8)
    padded[: len(values)] = values & ((1 << bits) - 1)
    shifts = bits * np.arange(per_byte, dtype=np.uint8)
    packed: bytes = np.bitwise_or.reduce(padded.reshape(-1, per_byte) << shifts, axis=1).astype(np.uint8).tobytes()
    return packed


def _unpack(raw: bytes, bits: int, size: int) -> Array:
    shifts = bits * np.arange(8 // bits, dtype=np.uint8)
    fields = (np.frombuffer(raw, np.uint8)[:, None] >> shifts) & ((1 << bits) - 1)
    values = fields.ravel()[:size].astype(np.int64)
    return np.where(values >> (bits - 1), values - (1 << bits), values)
