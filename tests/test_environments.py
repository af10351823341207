"""Where the second Python environment is looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edgesnn import environments
from edgesnn.errors import ToolError


def python_in(folder: Path) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    return python


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is named, then a checkout's, then the user's."""
    monkeypatch.setattr(environments, "__file__", str(tmp_path / "edgesnn" / "environments.py"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(environments.VARIABLE, raising=False)
    with pytest.raises(ToolError, match="venv"):
        environments.second_python()
    users = python_in(environments.user_folder())
    assert environments.second_python() == users
    checkouts = python_in(tmp_path / ".venv-lava")
    assert environments.second_python() == checkouts
    monkeypatch.setenv(environments.VARIABLE, sys.executable)
    assert environments.second_python() == Path(sys.executable)


@pytest.mark.parametrize("named", ["/nowhere/python", "/etc/passwd", "/tmp"])
def test_named_python_that_is_none(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environments.VARIABLE, named)
    with pytest.raises(ToolError, match=environments.VARIABLE):
        environments.second_python()


def test_remedies_name_their_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "__file__", str(tmp_path / "edgesnn" / "environments.py"))
    assert "pip install" in environments.remedy()
    (tmp_path / "Makefile").write_text("")
    assert "make setup" in environments.remedy()
