"""The Free Spoken Digit Dataset: wavs in a zip archive, checked member by member.

Official split: takes 0-4 of each digit and speaker are the test part. Recordings come in the order of take, speaker,
digit, so that the first ones hold every digit.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edgesnn.datasets import wav
from edgesnn.datasets.catalog import FSDD
from edgesnn.datasets.wav import Int16
from edgesnn.errors import DataError
from edgesnn.integer import Array

MEMBER = re.compile(r"(?:\w[\w.-]{0,79}/)?recordings/([0-9])_([a-z]{1,20})_([0-9]{1,2})\.wav")
COUNT = 3000
MAX_MEMBERS, MAX_ARCHIVE_BYTES, MAX_WAV_BYTES = 20_000, 1 << 26, 1 << 17
DIGEST = "997e451901d158bdf09dde66b240f3f19310fdbf4d9c056ebd806254df4a672c"
"""SHA-256 over the recordings' names and bytes: any archive of the very recordings will do."""

TAKES = {"test": range(5), "validation": range(5, 10), "fit": range(10, 50), "train": range(5, 50)}


@dataclass(frozen=True)
class Recording:
    """One spoken digit: 8 kHz int16 samples."""

    digit: int
    speaker: str
    take: int
    samples: Int16


def load(path: Path, split: str) -> tuple[tuple[Int16, ...], Array]:
    """Samples and digits of a split. Raises DataError where the file is not the published recordings."""
    chosen = [one for one in read(path) if one.take in TAKES[split]]
    return tuple(one.samples for one in chosen), np.array([one.digit for one in chosen], np.int64)


def read(path: Path) -> list[Recording]:
    """All 3,000 recordings of an archive. Raises DataError unless they are the published ones."""
    try:
        if path.stat().st_size > MAX_ARCHIVE_BYTES:
            raise DataError(str(path), f"is larger than {MAX_ARCHIVE_BYTES} bytes", "Keep only the recordings in it")
        data = path.read_bytes()
    except OSError as error:
        raise DataError(str(path), f"cannot be read ({error.strerror})", "Correct its permissions") from None
    members = unpack(data, str(path))
    if len(members) != COUNT or digest(members) != DIGEST:
        raise DataError(
            str(path), "does not hold the published 3,000 recordings", f"Get them from {FSDD.citation}, six speakers"
        )
    return parsed(members, str(path))


def unpack(data: bytes, where: str) -> dict[str, bytes]:
    """The recordings in a zip archive by file name, without its folders; everything else in it is left alone.

    Raises DataError where it is no archive, damaged, or swells beyond what recordings are.
    """
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_MEMBERS:
                raise DataError(where, f"has {len(entries)} members", f"Recordings have at most {MAX_MEMBERS}")
            for entry in entries:
                if MEMBER.fullmatch(entry.filename):
                    found[entry.filename.rpartition("/")[2]] = _member(archive, entry, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise DataError(where, f"is no sound zip archive ({error})", "Copy it again") from None
    return found


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> bytes:
    """Reads no more than a recording can have, whatever the archive says of its size."""
    with archive.open(entry) as stream:
        data = stream.read(MAX_WAV_BYTES + 1)
    if len(data) > MAX_WAV_BYTES:
        raise DataError(
            where, f"{entry.filename} is larger than {MAX_WAV_BYTES} bytes", "It is no recording of a digit"
        )
    return data


def digest(members: dict[str, bytes]) -> str:
    """SHA-256 over names, sizes and contents in the order of names."""
    total = hashlib.sha256()
    for name in sorted(members):
        total.update(f"{name}\0{len(members[name])}\0".encode())
        total.update(members[name])
    return total.hexdigest()


def parsed(members: dict[str, bytes], where: str) -> list[Recording]:
    """Recordings in the order of take, speaker, digit."""
    found = []
    for name, data in members.items():
        digit, speaker, take = name.removesuffix(".wav").split("_")
        found.append(Recording(int(digit), speaker, int(take), wav.parse(data, f"{where}: {name}", FSDD.sample_rate)))
    return sorted(found, key=lambda one: (one.take, one.speaker, one.digit))
