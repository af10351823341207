"""Frames: what one side codes the other decodes, whatever the bytes and their number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.link import frame, runs
from edgesnn.link.protocol import Area
from tests.link.conftest import serving
from tests.link.firmware import build_stub

MOSTLY_ZERO = st.integers(0, 255).map(lambda value: value if value < 64 else 0)


@given(st.binary(max_size=700))
def test_round_trip(payload: bytes) -> None:
    coded = frame.encode(payload)
    assert coded.count(0) == 1
    assert frame.decode(coded[:-1]) == payload


@given(st.binary(min_size=1, max_size=40), st.data())
def test_no_damaged_byte_passes(payload: bytes, data: st.DataObject) -> None:
    coded = bytearray(frame.encode(payload)[:-1])
    position = data.draw(st.integers(0, len(coded) - 1))
    coded[position] ^= data.draw(st.integers(1, 255))
    assert frame.decode(bytes(coded)) is None or 0 in coded


@given(st.lists(MOSTLY_ZERO, min_size=1, max_size=1200).map(bytes), st.sampled_from([124, 252, 4092]))
def test_runs_unpack_to_the_input(raw: bytes, limit: int) -> None:
    out, end = bytearray(len(raw)), 0
    for offset, records in runs.pack(raw, limit):
        assert offset == end
        assert len(records) <= limit
        at = 0
        while at < len(records):
            zeros, count = records[at], records[at + 1]
            out[offset + zeros : offset + zeros + count] = records[at + 2 : at + 2 + count]
            offset += zeros + count
            at += 2 + count
        end = offset
    assert (bytes(out), end) == (raw, len(raw))


def test_every_length_crosses_the_line(tmp_path: Path) -> None:
    """The firmware's coder at all lengths around a block of 254, with and without zeros in between."""
    program = build_stub(tmp_path / "stub", "-DESNN_LINK_BODY_BYTES=1024")
    with serving(program) as served:
        device = served.device()
        for values in (np.full(300, 57), np.arange(300) % 3, np.zeros(300, int)):
            device.run(1)
            device.load(values)
            device.run(1)
            state = values.astype("<i4").tobytes()
            for length in (*range(12), *range(240, 270), *range(500, 520), 1023, 1024):
                for offset in (0, 1, 100):
                    assert device.read(Area.STATE, offset, length) == state[offset : offset + length]
        assert device.identity.body_bytes == 1024
