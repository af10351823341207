"""Frames: COBS(payload, CRC-32) and a 0x00 delimiter."""

from __future__ import annotations

import zlib

from cobs import cobs

from edgesnn.link.protocol import CRC_BYTES

DELIMITER = b"\0"


def encode(payload: bytes) -> bytes:
    """The bytes on the wire of a payload, delimiter included."""
    return bytes(cobs.encode(payload + zlib.crc32(payload).to_bytes(CRC_BYTES, "little"))) + DELIMITER


def decode(coded: bytes) -> bytes | None:
    """The payload of what stood between two delimiters; None where coding, length or CRC is wrong."""
    try:
        frame = bytes(cobs.decode(coded))
    except cobs.DecodeError:
        return None
    payload, crc = frame[:-CRC_BYTES], frame[-CRC_BYTES:]
    if len(crc) < CRC_BYTES or zlib.crc32(payload) != int.from_bytes(crc, "little"):
        return None
    return payload
