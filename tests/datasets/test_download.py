"""Downloads against a real server that cuts, repeats, lies and fails."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from edgesnn.datasets import download as module
from edgesnn.datasets.catalog import RemoteFile
from edgesnn.datasets.download import download
from edgesnn.errors import DataError

from .server import Behaviour, serving

CONTENT = np.random.default_rng(5).bytes(300_000)
FILE = RemoteFile("data.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), (1,))


def test_whole_file_arrives(tmp_path: Path) -> None:
    shown: list[tuple[str, int, int | None]] = []
    with serving(Behaviour(CONTENT)) as origin:
        download(FILE, tmp_path / "a" / "data.gz", [origin], lambda *now: shown.append(now))
    assert (tmp_path / "a" / "data.gz").read_bytes() == CONTENT
    assert os.listdir(tmp_path / "a") == ["data.gz"]
    assert shown[-1] == ("download data.gz", len(CONTENT), len(CONTENT))


def test_goes_on_where_each_cut_connection_ended(tmp_path: Path) -> None:
    behaviour = Behaviour(CONTENT, cut_after=100_000)
    with serving(behaviour) as origin:
        download(FILE, tmp_path / "data.gz", [origin])
    assert (tmp_path / "data.gz").read_bytes() == CONTENT
    assert behaviour.requests == ["", "bytes=100000-", "bytes=200000-"]


def test_goes_on_in_a_later_call(tmp_path: Path) -> None:
    place = tmp_path / "data.gz"
    once = Behaviour(CONTENT, cut_after=120_000, refuse_after=1)
    with serving(once) as origin, pytest.raises(DataError, match="503"):
        download(FILE, place, [origin])
    assert not place.exists()
    later = Behaviour(CONTENT)
    with serving(later) as origin:
        download(FILE, place, [origin])
    assert place.read_bytes() == CONTENT
    assert later.requests == ["bytes=120000-"]


def test_server_without_ranges_starts_again(tmp_path: Path) -> None:
    (tmp_path / ".data.gz.part").write_bytes(CONTENT[:1000])
    with serving(Behaviour(CONTENT, ranges=False)) as origin:
        download(FILE, tmp_path / "data.gz", [origin])
    assert (tmp_path / "data.gz").read_bytes() == CONTENT


def test_damaged_partial_file_is_fetched_anew(tmp_path: Path) -> None:
    (tmp_path / ".data.gz.part").write_bytes(b"x" * 1000)
    behaviour = Behaviour(CONTENT)
    with serving(behaviour) as origin:
        download(FILE, tmp_path / "data.gz", [origin])
    assert (tmp_path / "data.gz").read_bytes() == CONTENT
    assert behaviour.requests == ["bytes=1000-", ""]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CONTENT[:-1] + b"?", "checksum"),
        (CONTENT + b"more", "checksum"),
        (CONTENT[:500], "500 of 300000 bytes"),
        (b"", "0 of 300000 bytes"),
    ],
    ids=["one byte wrong", "too long", "too short", "empty"],
)
def test_wrong_content_is_never_left_as_good(tmp_path: Path, content: bytes, reason: str) -> None:
    with serving(Behaviour(content)) as origin, pytest.raises(DataError) as caught:
        download(FILE, tmp_path / "data.gz", [origin])
    assert reason in str(caught.value)
    assert "EDGESNN_DATA" in caught.value.remedy
    assert not (tmp_path / "data.gz").exists()


def test_next_origin_is_tried(tmp_path: Path) -> None:
    missing, wrong = Behaviour(CONTENT, refuse_after=0), Behaviour(CONTENT[::-1])
    good = Behaviour(CONTENT)
    with serving(missing) as first, serving(wrong) as second, serving(good) as third:
        download(FILE, tmp_path / "data.gz", [first, second, third])
    assert (tmp_path / "data.gz").read_bytes() == CONTENT
    assert len(missing.requests) == module.PATIENCE


def test_second_origin_goes_on_with_what_the_first_brought(tmp_path: Path) -> None:
    stuck, good = Behaviour(CONTENT[:250_000]), Behaviour(CONTENT)
    with serving(stuck) as first, serving(good) as second:
        download(FILE, tmp_path / "data.gz", [first, second])
    assert good.requests == ["bytes=250000-"]
    assert (tmp_path / "data.gz").read_bytes() == CONTENT


def test_nobody_there(tmp_path: Path) -> None:
    with serving(Behaviour(CONTENT)) as origin:
        pass
    with pytest.raises(DataError, match=r"data\.gz: could not be downloaded") as caught:
        download(FILE, tmp_path / "data.gz", [origin])
    assert caught.value.remedy.startswith("Check the network")


def test_place_that_cannot_hold_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="cannot be stored"):
        download(FILE, tmp_path / "file" / "data.gz", ["http://127.0.0.1:1/"])


def test_two_processes_share_one_download(tmp_path: Path) -> None:
    behaviour = Behaviour(CONTENT, cut_after=50_000)
    context = multiprocessing.get_context("spawn")
    with serving(behaviour) as origin:
        workers = [context.Process(target=download, args=(FILE, tmp_path / "data.gz", [origin])) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert (tmp_path / "data.gz").read_bytes() == CONTENT
    assert behaviour.requests == ["", *(f"bytes={start}-" for start in range(50_000, 300_000, 50_000))]
