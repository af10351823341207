"""The bench target, models in files, and a way to call the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from edgesnn import manifest
from edgesnn.cli import main
from edgesnn.integer import file
from tests.devices import bench
from tests.factory import q_snn_like, q_snn_loihi_like

__all__ = ["bench"]

Cli = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zoo's network with random weights, as a file."""
    path = tmp_path_factory.mktemp("models") / "q.onnx"
    file.save(q_snn_like(), path)
    return path


@pytest.fixture(scope="session")
def loihi_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "l.onnx"
    file.save(q_snn_loihi_like(), path)
    return path


@pytest.fixture
def cli(here: Path, bench: object) -> Cli:
    """Calls the command line in the working folder, with the bench target installed."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def answer(result: Result) -> dict[str, Any]:
    """The one JSON object on standard output."""
    loaded = json.loads(result.stdout)
    assert isinstance(loaded, dict)
    assert result.stdout.count("\n") == 1
    return loaded


def written(folder: Path) -> list[str]:
    """Every file below a folder, except the list of what a build made."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != manifest.NAME)
    return sorted(str(path.relative_to(folder)) for path in files)
