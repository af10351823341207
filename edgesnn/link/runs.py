"""Inputs with many zeros, packed: (zeros u8, count u8, values i8...) records, cut into frames."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Up to 255 zeros, then up to 60 values or single or double zeros between them: longer runs pay for a new record. So a
# record has at most 2 + 90 bytes, which fit any frame.
RECORD = re.compile(rb"(\0{0,255})((?:[^\0]|\0{1,2}(?=[^\0])){0,60})", re.DOTALL)


def pack(raw: bytes, limit: int) -> Iterator[tuple[int, bytes]]:
    """(offset, records) of consecutive parts of raw, each with at most `limit` bytes of records."""
    part, start = bytearray(), 0
    for match in RECORD.finditer(raw):
        zeros, values = match.groups()
        if not match.group():
            continue
        record = bytes((len(zeros), len(values))) + values
        if len(part) + len(record) > limit:
            yield start, bytes(part)
            part, start = bytearray(), match.start()
        part += record
    yield start, bytes(part)
