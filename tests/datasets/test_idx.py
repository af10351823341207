"""idx files: golden bytes, and everything a hostile one may try."""

from __future__ import annotations

import gzip
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.datasets import idx
from edgesnn.errors import DataError

GOLDEN = b"\0\0\x08\x02" + struct.pack(">II", 2, 3) + bytes([1, 2, 3, 4, 5, 255])


def test_golden_bytes() -> None:
    array = idx.parse(gzip.compress(GOLDEN), "golden", (2, 3))
    assert array.dtype == np.uint8
    assert array.tolist() == [[1, 2, 3], [4, 5, 255]]
    array[0, 0] = 9  # callers own it


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4).map(tuple), st.randoms(use_true_random=False))
def test_pack_then_parse_is_identity(shape: tuple[int, ...], random) -> None:
    array = np.frombuffer(random.randbytes(int(np.prod(shape))), np.uint8).reshape(shape)
    assert np.array_equal(idx.parse(idx.pack(array), "here", shape), array)
    assert idx.pack(array) == idx.pack(array.copy())


HOSTILE = {
    "empty": b"",
    "no gzip": GOLDEN,
    "truncated gzip": gzip.compress(GOLDEN)[:-12],
    "corrupt gzip": gzip.compress(GOLDEN)[:-8] + bytes(8),
    "corrupt deflate": gzip.compress(GOLDEN)[:14] + bytes(8) + gzip.compress(GOLDEN)[22:],
    "empty gzip": gzip.compress(b""),
    "half a header": gzip.compress(GOLDEN[:7]),
    "wrong magic": gzip.compress(b"\1" + GOLDEN[1:]),
    "floats": gzip.compress(GOLDEN[:2] + b"\x0d" + GOLDEN[3:]),
    "rank 0": gzip.compress(GOLDEN[:3] + b"\0" + GOLDEN[4:]),
    "rank 200": gzip.compress(GOLDEN[:3] + b"\xc8" + GOLDEN[4:]),
    "rank 3": gzip.compress(GOLDEN[:3] + b"\x03" + GOLDEN[4:]),
    "absurd sizes": gzip.compress(GOLDEN[:4] + b"\xff" * 8 + GOLDEN[12:]),
    "other shape": gzip.compress(GOLDEN[:4] + struct.pack(">II", 3, 2) + GOLDEN[12:]),
    "one byte short": gzip.compress(GOLDEN[:-1]),
    "one byte long": gzip.compress(GOLDEN + b"\0"),
    "two files in one": gzip.compress(GOLDEN) * 2,
}


@pytest.mark.parametrize("packed", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_is_refused(packed: bytes) -> None:
    with pytest.raises(DataError) as caught:
        idx.parse(packed, "hostile.gz", (2, 3))
    assert caught.value.where == "hostile.gz"


def test_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(GOLDEN + bytes(200_000_000), compresslevel=9)
    assert len(bomb) < 400_000
    tracemalloc.start()
    with pytest.raises(DataError):
        idx.parse(bomb, "bomb.gz", (2, 3))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_cleanly(data: bytes) -> None:
    for packed in (data, gzip.compress(data)):
        with pytest.raises(DataError):
            idx.parse(packed, "noise.gz", (7, 7))
