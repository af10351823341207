"""The data sets edgesnn knows: their files, checksums, public origins and licences."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass

from edgesnn.errors import DataError


@dataclass(frozen=True)
class RemoteFile:
    """A published file: name, exact size in bytes, sha256, and the shape of the uint8 array inside, if it is one."""

    name: str
    size: int
    sha256: str
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One official part of a data set: samples (n, 28, 28) and labels (n,)."""

    samples: RemoteFile
    labels: RemoteFile


@dataclass(frozen=True)
class Known(abc.ABC):
    """A data set. `origins` are base addresses that serve every file, tried in order."""

    name: str
    title: str
    classes: tuple[str, ...]
    licence: str
    citation: str
    origins: tuple[str, ...]

    @property
    @abc.abstractmethod
    def files(self) -> tuple[RemoteFile, ...]:
        """All files of it."""

    @property
    @abc.abstractmethod
    def training_file(self) -> RemoteFile:
        """The one that identifies what a model was trained on."""


@dataclass(frozen=True)
class Dataset(Known):
    """Images: uint8 arrays in idx files."""

    train: Part
    test: Part

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        return tuple(file for part in (self.train, self.test) for file in (part.samples, part.labels))

    @property
    def training_file(self) -> RemoteFile:
        return self.train.samples


@dataclass(frozen=True)
class Recordings(Known):
    """Signals of a sensor: int16 recordings of one length or several, all in one file.

    sample_rate: in hertz. unit: what 1 stands for. reader: the module of edgesnn.datasets that reads the file.
    """

    file: RemoteFile
    sample_rate: int
    unit: str
    reader: str

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        return (self.file,)

    @property
    def training_file(self) -> RemoteFile:
        return self.file


def _images(stem: str, count: int, sizes: tuple[int, int], digests: tuple[str, str]) -> Part:
    samples = RemoteFile(f"{stem}-images-idx3-ubyte.gz", sizes[0], digests[0], (count, 28, 28))
    return Part(samples, RemoteFile(f"{stem}-labels-idx1-ubyte.gz", sizes[1], digests[1], (count,)))


MNIST = Dataset(
    name="mnist",
    title="MNIST handwritten digits",
    classes=tuple("0123456789"),
    licence="CC BY-SA 3.0",
    citation="LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998",
    origins=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    train=_images(
        "train",
        60_000,
        (9_912_422, 28_881),
        (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
    ),
    test=_images(
        "t10k",
        10_000,
        (1_648_877, 4_542),
        (
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
)

FASHION_MNIST = Dataset(
    name="fashion-mnist",
    title="Fashion-MNIST clothing",
    classes=("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    licence="MIT",
    citation="Xiao, Rasul, Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017",
    origins=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    train=_images(
        "train",
        60_000,
        (26_421_880, 29_515),
        (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
    ),
    test=_images(
        "t10k",
        10_000,
        (4_422_102, 5_148),
        (
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
)

FSDD = Recordings(
    name="fsdd",
    title="Free Spoken Digit Dataset",
    classes=tuple("0123456789"),
    licence="CC BY-SA 4.0",
    citation="Z. Jackson et al., Free Spoken Digit Dataset, Zenodo, record family 1342401",
    origins=(),  # the archives that are published hold the same recordings beside other files, so other bytes
    file=RemoteFile(
        "fsdd_recordings.zip", 16_161_380, "05386c7f15cc480f37de149fec9149095b2cfd2af58061cb1062b5e40264905a"
    ),
    sample_rate=8000,
    unit="full scale / 32768",
    reader="fsdd",
)

FINGER_MOVEMENTS = Recordings(
    name="eeg-finger-movements",
    title="EEG before finger movements (BCI Competition II, data set IV)",
    classes=("left", "right"),
    licence="free to use with citation",
    citation="Blankertz, Curio, Mueller, Classifying single trial EEG: towards brain computer interfacing, 2002",
    origins=(),  # the archive that distributes it serves it in another format
    file=RemoteFile("FingerMovements.npz", 727_450, "c00d18d38ca113c0938e927ada8f03c316fc1b04a3951967fb7f6ad2dc67e4bb"),
    sample_rate=100,
    unit="0.1 microvolt",
    reader="finger_movements",
)

DATASETS: Mapping[str, Known] = {known.name: known for known in (MNIST, FASHION_MNIST, FSDD, FINGER_MOVEMENTS)}


def names() -> tuple[str, ...]:
    """Names of the data sets."""
    return tuple(DATASETS)


def dataset(name: str) -> Known:
    """A data set by name. Raises DataError naming the known ones."""
    if name not in DATASETS:
        raise DataError(name, "is no data set", f"Known: {', '.join(DATASETS)}")
    return DATASETS[name]
