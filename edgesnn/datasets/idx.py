"""The idx format of MNIST: two zero bytes, a type, a rank, big-endian sizes, then the elements."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

import numpy as np
import numpy.typing as npt

from edgesnn.errors import DataError

UNSIGNED_BYTE = 0x08
MAX_RANK = 4

Bytes = npt.NDArray[np.uint8]


def parse(packed: bytes, where: str, shape: tuple[int, ...]) -> Bytes:
    """The uint8 array of a gzipped idx file, which must have exactly this shape.

    Never unpacks more than the shape needs, whatever the file says. Raises DataError naming `where`.
    """
    size = int(np.prod(shape, dtype=object))
    header_size = 4 + 4 * len(shape)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            header = stream.read(header_size)
            _check_header(header, where, shape)
            data = stream.read(size)
            excess = stream.read(1)
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(where, f"is no complete gzip file ({error})") from error
    if len(data) != size or excess:
        raise _refused(where, f"does not hold exactly {size} bytes after its header")
    return np.frombuffer(data, np.uint8).reshape(shape).copy()


def pack(array: Bytes) -> bytes:
    """A gzipped idx file of a uint8 array, the same bytes every time."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0)


def _check_header(header: bytes, where: str, shape: tuple[int, ...]) -> None:
    if len(header) < 4 or header[:2] != b"\0\0":
        raise _refused(where, "is no idx file: its first two bytes are not zero")
    kind, rank = header[2], header[3]
    if kind != UNSIGNED_BYTE or not 1 <= rank <= MAX_RANK:
        raise _refused(where, f"has element type 0x{kind:02x} and rank {rank}, not unsigned bytes")
    if rank != len(shape) or len(header) != 4 + 4 * rank:
        raise _refused(where, f"has rank {rank}, not {len(shape)}")
    found = struct.unpack(f">{rank}I", header[4:])
    if found != shape:
        raise _refused(where, f"declares shape {found}, not {shape}")


def _refused(where: str, problem: str) -> DataError:
    return DataError(where, problem, "Remove it and let edgesnn download it again, or correct the copy")
