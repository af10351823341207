"""Deployments to report on, their page, and a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesnn import api
from edgesnn.deployment import Deployment
from edgesnn.report import html
from tests.browser import browser
from tests.devices import installed
from tests.factory import q_snn_like

__all__ = ["browser"]


@pytest.fixture(scope="session")
def deployments(tmp_path_factory: pytest.TempPathFactory) -> list[Deployment]:
    """One device that tells everything, one that hides and knows nothing, one that is wrong."""
    model, folder = q_snn_like(), tmp_path_factory.mktemp("deployments")
    with installed():
        boards = ("counting", "fused", "faulty")
        return [api.deploy(model, "bench", board, out=folder / board, samples=10) for board in boards]


@pytest.fixture(scope="session")
def page_file(deployments: list[Deployment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of all three."""
    path = tmp_path_factory.mktemp("page") / "all.html"
    path.write_text(html(deployments), encoding="utf-8")
    return path
