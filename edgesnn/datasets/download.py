"""Downloads one file: resumes what a broken connection left, and keeps nothing whose checksum is wrong."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from edgesnn.datasets.catalog import RemoteFile
from edgesnn.errors import DataError
from edgesnn.progress import Progress, silent

if TYPE_CHECKING:
    import requests

CHUNK = 1 << 16
PATIENCE = 3
"""Attempts in a row at one origin that bring no new byte."""
TIMEOUTS_S = (10, 30)  # to connect, between bytes


def download(file: RemoteFile, place: Path, origins: Sequence[str], progress: Progress = silent) -> None:
    """Brings the file to `place`, from the first origin that serves it whole.

    What arrives lies in a hidden file beside `place` until its checksum is right; a later call goes on from there.
    Two processes that want the same file wait for one another.

    Raises:
        DataError: no origin served the file, or it cannot be stored.
    """
    part = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "a+b") as stream:
            _lock(stream)
            if not has_content(place, file):
                _fill(stream, file, origins, progress)
                os.replace(part, place)
    except OSError as error:
        raise DataError(str(place), f"cannot be stored ({error.strerror or error})", "Free the place") from error


def _lock(stream: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: there two processes do not wait for one another
        return
    fcntl.flock(stream, fcntl.LOCK_EX)


def has_content(path: Path, file: RemoteFile) -> bool:
    """Whether a path holds the published bytes."""
    try:
        with open(path, "rb") as stream:
            return _digest(stream, file.size) == file.sha256
    except OSError:
        return False


def _digest(stream: IO[bytes], size: int) -> str:
    """sha256 of a stream from its start, reading little more than `size` bytes."""
    stream.seek(0)
    return hashlib.sha256(stream.read(size + 1)).hexdigest()


def _fill(stream: IO[bytes], file: RemoteFile, origins: Sequence[str], progress: Progress) -> None:
    """Completes the partial file from the origins. Raises DataError where none of them can."""
    reasons = []
    for origin in origins:
        reason = _from_origin(stream, file, origin + file.name, progress)
        if reason is None:
            return
        reasons.append(f"{origin}: {reason}")
    raise DataError(
        file.name,
        f"could not be downloaded ({'; '.join(reasons)})",
        "Check the network and try again, it goes on where it stopped; or set EDGESNN_DATA to a folder with a copy",
    )


def _from_origin(stream: IO[bytes], file: RemoteFile, url: str, progress: Progress) -> str | None:
    """Downloads until the file is whole and right: None. Otherwise the reason why not."""
    import requests
    import urllib3

    futile, reason = 0, ""
    while futile < PATIENCE:
        before = stream.seek(0, os.SEEK_END)
        if before < file.size:
            try:
                _receive(stream, file, url, progress)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                reason = _short(error)
        arrived = stream.seek(0, os.SEEK_END)
        if arrived >= file.size:
            if _digest(stream, file.size) == file.sha256:
                return None
            stream.truncate(0)
            reason = "what it serves has the wrong checksum"
            futile += 1
        else:
            reason = reason or f"it ended after {arrived} of {file.size} bytes"
            futile = 0 if arrived > before else futile + 1
    return reason


def _receive(stream: IO[bytes], file: RemoteFile, url: str, progress: Progress) -> None:
    """Appends what one request brings, at most one chunk more than the file's size."""
    import requests

    start = stream.seek(0, os.SEEK_END)
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUTS_S) as response:
        response.raise_for_status()
        if not _continues(response, start):
            stream.truncate(0)
            start = 0
        for chunk in response.raw.stream(CHUNK, decode_content=False):
            start += stream.write(chunk)
            stream.flush()
            progress(f"download {file.name}", min(start, file.size), file.size)
            if start > file.size:
                return


def _continues(response: requests.Response, start: int) -> bool:
    """Whether the body continues at byte `start`, as asked; a server may ignore that and send everything."""
    given = response.headers.get("Content-Range", "")
    return start == 0 or (response.status_code == 206 and given.startswith(f"bytes {start}-"))


def _short(error: Exception) -> str:
    """The first line of an error's text, cut to a readable length."""
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
