"""The checkout's installable files, and a wheel built from a copy of them."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "edgesnn": "edgesnn",
    "targets": "edgesnn/targets",
    "models": "edgesnn/models",
    "firmware": "edgesnn/firmware",
}
"""Folders of the checkout and where a wheel installs them."""
SETUP_FILES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def installable(root: Path = ROOT) -> dict[str, Path]:
    """Every file that a wheel must hold, by its name there. Hidden and generated files are none."""
    found = {}
    for folder, place in FOLDERS.items():
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root / folder).parts
            generated = path.suffix == ".pyc" or "__pycache__" in parts or any(part.startswith(".") for part in parts)
            if path.is_file() and not generated:
                found[f"{place}/{'/'.join(parts)}"] = path
    return found


def listed_packages(root: Path = ROOT) -> list[str]:
    """The packages that setup.cfg lists, in its order."""
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg")
    return config["options"]["packages"].split()


def build_wheel(folder: Path) -> Path:
    """A wheel of a copy of the checkout, so that nothing left over from earlier builds can slip in."""
    source = folder / "source"
    source.mkdir(parents=True)
    for name in SETUP_FILES:
        shutil.copy(ROOT / name, source)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(source)], check=True, timeout=300)
    (wheel,) = folder.glob("edgesnn-*.whl")
    return wheel
