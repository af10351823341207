"""setup.cfg lists packages by hand: these tests fail when the list and the folders part ways."""

from __future__ import annotations

import importlib.util
from importlib.metadata import entry_points
from pathlib import PurePosixPath

from .checkout import installable, listed_packages


def test_every_folder_with_python_files_is_listed() -> None:
    folders = {str(PurePosixPath(name).parent).replace("/", ".") for name in installable() if name.endswith(".py")}
    assert sorted(folders - set(listed_packages())) == [], "add these to `packages` in setup.cfg"
    assert sorted(set(listed_packages()) - folders) == [], "these packages of setup.cfg do not exist"
    assert listed_packages() == sorted(listed_packages())


def test_entry_points_name_what_exists() -> None:
    points = [*entry_points(group="edgesnn.targets"), *entry_points(group="edgesnn.models")]
    points += [point for point in entry_points(group="console_scripts") if point.name == "edgesnn"]
    assert len(points) >= 5
    for point in points:
        assert importlib.util.find_spec(point.module), point.value
        assert point.load() is not None
