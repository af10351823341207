"""The second Python environment: where lava-nc and the older TFLite runtime live, apart from edgesnn's own."""

from __future__ import annotations

import os
from pathlib import Path

from edgesnn.errors import ToolError

VARIABLE = "EDGESNN_LAVA_PYTHON"
FOLDER = ".venv-lava"
REQUIREMENTS = Path(__file__).with_name("lava-requirements.txt")


def second_python() -> Path:
    """The interpreter of the second environment: the one EDGESNN_LAVA_PYTHON names, the one beside a checkout, or the
    one in the user's data folder, in that order. What is installed there is not looked at.

    Raises ToolError saying how to make it.
    """
    named = os.environ.get(VARIABLE)
    if named:
        python = Path(named).expanduser()
        if not _runnable(python):
            raise ToolError(VARIABLE, f"{named!r} is no program that can be run", f"Name a Python, or unset {VARIABLE}")
        return python
    for folder in (_checkout_folder(), user_folder()):
        python = folder / "bin" / "python"
        if _runnable(python):
            return python
    raise ToolError("second environment", "there is no Python with lava-nc and tflite-runtime", remedy())


def user_folder() -> Path:
    """Where an installed edgesnn looks for the second environment."""
    import platformdirs

    return Path(platformdirs.user_data_path("edgesnn", appauthor=False)) / FOLDER[1:]


def remedy() -> str:
    """The commands that make the second environment."""
    if (_checkout_folder().parent / "Makefile").is_file():
        return f"Run `make setup` in {_checkout_folder().parent}, or name a Python that has them in {VARIABLE}"
    folder = user_folder()
    return (
        f"Run `python3.11 -m venv {folder}` and `{folder}/bin/python -m pip install --no-deps "
        f"--ignore-requires-python -r {REQUIREMENTS}`, or name a Python that has them in {VARIABLE}"
    )


def _checkout_folder() -> Path:
    return Path(__file__).resolve().parent.parent / FOLDER


def _runnable(python: Path) -> bool:
    return python.is_file() and os.access(python, os.X_OK)
