"""Bytes that repeat, short: inputs with many zeros as (zeros u8, count u8, values i8...) records; patterns once."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Up to 255 zeros, then up to 60 values or single or double zeros between them: longer runs pay for a new record. So a
# record has at most 2 + 90 bytes, which fit any frame.
RECORD = re.compile(rb"(\0{0,255})((?:[^\0]|\0{1,2}(?=[^\0])){0,60})", re.DOTALL)
MOST_TIMES = (1 << 16) - 1


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


def repeated(raw: bytes, limit: int) -> Iterator[tuple[int, bytes, int]]:
    """(offset, pattern, times) that make up raw, each pattern with at most `limit` bytes.

    >>> list(repeated(b"ababa", 3)), list(repeated(b"abcd", 3))
    ([(0, b'ab', 2), (4, b'a', 1)], [(0, b'abc', 1), (3, b'd', 1)])
    """
    period = next((p for p in range(1, min(limit, len(raw))) if raw[p:] == raw[:-p]), limit)
    repeats = raw[period:] == raw[:-period]
    at = 0
    while at < len(raw):
        pattern = raw[at : at + period]
        times = min((len(raw) - at) // len(pattern), MOST_TIMES) if repeats else 1
        yield at, pattern, times
        at += len(pattern) * times
