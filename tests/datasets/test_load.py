"""Splits, the packaged sample, and local copies."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest

from edgesnn import datasets
from edgesnn.datasets import catalog, idx, packaged
from edgesnn.datasets.catalog import Dataset, Part, RemoteFile
from edgesnn.errors import DataError

from .server import Behaviour, serving

FIRST_LABELS = [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]  # as published


def test_packaged_sample_is_the_start_of_the_published_test_set() -> None:
    samples, labels = datasets.sample("mnist")
    assert (samples.shape, samples.dtype, labels.shape, labels.dtype) == ((1000, 28, 28), np.uint8, (1000,), np.int64)
    assert labels[:10].tolist() == FIRST_LABELS
    assert np.bincount(labels).tolist() == [85, 126, 116, 107, 110, 87, 87, 99, 89, 94]
    assert sum(path.stat().st_size for path in packaged.FOLDERS["mnist"].iterdir()) < 500_000


def test_first_test_images_need_no_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDGESNN_DATA", str(tmp_path))
    samples, labels = datasets.load("mnist", "test", limit=7)
    assert len(samples) == 7
    assert labels.tolist() == FIRST_LABELS[:7]
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz: is missing"):
        datasets.load("mnist", "test", limit=1001)


def test_published_files(full_data: Path) -> None:
    for name, first in (("mnist", [5, 0, 4, 1, 9]), ("fashion-mnist", [9, 0, 0, 3, 0])):
        samples, labels = datasets.load(name, "train")
        assert samples.shape == (60_000, 28, 28)
        assert labels[:5].tolist() == first
        fit, validation = datasets.load(name, "fit"), datasets.load(name, "validation")
        assert [len(fit[1]), len(validation[1])] == [55_000, 5_000]
        assert np.array_equal(np.concatenate([fit[0], validation[0]]), samples)
        assert np.array_equal(np.concatenate([fit[1], validation[1]]), labels)
        assert len(datasets.load(name, "test")[1]) == 10_000


def test_sample_equals_the_published_files(full_data: Path) -> None:
    samples, labels = datasets.sample("mnist")
    all_samples, all_labels = datasets.load("mnist", "test")
    assert np.array_equal(samples, all_samples[:1000])
    assert np.array_equal(labels, all_labels[:1000])
    assert len(datasets.sample("fashion-mnist")[1]) == 1000


@pytest.mark.parametrize(
    ("name", "split", "limit", "message"),
    [
        ("minst", "test", None, "minst: is no data set. Known: mnist, fashion-mnist, fsdd, eeg-finger-movements"),
        ("mnist", "tset", None, "mnist tset: is no split. Known: test, train, fit, validation"),
        ("mnist", "test", 0, "mnist test: a limit of 0 leaves no samples. Give 1 or more"),
    ],
)
def test_mistakes(name: str, split: str, limit: int | None, message: str) -> None:
    with pytest.raises(DataError) as caught:
        datasets.load(name, split, limit)
    assert str(caught.value) == message


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> tuple[Dataset, dict[str, bytes]]:
    """A made-up data set of the catalogue's kind and its files."""
    rng = np.random.default_rng(3)
    contents: dict[str, bytes] = {}

    def remote(name: str, array: idx.Bytes) -> RemoteFile:
        contents[name] = idx.pack(array)
        return RemoteFile(name, len(contents[name]), hashlib.sha256(contents[name]).hexdigest(), array.shape)

    def part(stem: str) -> Part:
        images = rng.integers(0, 256, (4, 28, 28)).astype(np.uint8)
        return Part(remote(f"{stem}-images.gz", images), remote(f"{stem}-labels.gz", np.arange(4, dtype=np.uint8)))

    made = Dataset("tiny", "Tiny", ("a",), "none", "none", (), part("train"), part("test"))
    monkeypatch.setitem(catalog.DATASETS, "tiny", made)
    return made, contents


def test_local_copy_is_checked(tiny: tuple[Dataset, dict[str, bytes]], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("EDGESNN_DATA", str(tmp_path))
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, content in tiny[1].items():
        (folder / name).write_bytes(content)
    assert datasets.load("tiny", "test")[1].tolist() == [0, 1, 2, 3]
    damaged = folder / "test-images.gz"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\1")
    with pytest.raises(DataError, match=r"test-images\.gz: is not the published file"):
        datasets.load("tiny", "test")


def test_present_says_where(tiny: tuple[Dataset, dict[str, bytes]], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("EDGESNN_DATA", str(tmp_path))
    place = tmp_path / "tiny"
    assert datasets.present("tiny") == (False, False, f"wanted in {place}")
    served = dataclasses.replace(tiny[0], origins=("http://localhost/",))
    monkeypatch.setitem(catalog.DATASETS, "tiny", served)  # type: ignore[arg-type]
    assert datasets.present("tiny") == (False, False, f"downloaded when first used, to {place}")
    place.mkdir()
    for name, content in tiny[1].items():
        (place / name).write_bytes(content)
    assert datasets.present("tiny") == (True, False, str(place))


def test_download_once_then_from_the_cache(tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, contents = tiny
    monkeypatch.delenv("EDGESNN_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with (
        serving(Behaviour(contents["test-images.gz"])) as images,
        serving(Behaviour(contents["test-labels.gz"])) as labels,
    ):
        known = Dataset(**{**vars(made), "origins": (images, labels)})
        monkeypatch.setitem(catalog.DATASETS, "tiny", known)
        samples = datasets.load("tiny", "test")[0]
    again = datasets.load("tiny", "test")[0]  # nobody serves any more
    assert np.array_equal(samples, again)
    cached = tmp_path / "edgesnn" / "datasets" / "tiny" / "test-images.gz"
    cached.write_bytes(b"damaged")
    with pytest.raises(DataError, match="could not be downloaded"):
        datasets.load("tiny", "test")
