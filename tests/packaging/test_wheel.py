"""A built wheel, installed into an environment of its own, works like the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from .checkout import installable

pytestmark = pytest.mark.xdist_group("wheel")  # built once


def test_wheel_holds_every_file_of_the_checkout(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = set(installable())
    assert sorted(expected - inside) == [], "add a pattern to [options.package_data] in setup.cfg"
    assert sorted(inside - expected) == []


def test_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    assert any(name.endswith("LICENSE") for name in names)
    assert "License-Expression: Apache-2.0" in text or "License: Apache-2.0" in text
    assert "Requires-Python: >=3.11" in text
    assert "torch" in text
    assert [line for line in text.splitlines() if line.startswith("Requires-Dist: torch") and "extra" not in line] == []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel installed; what edgesnn needs comes from the one running this."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    here = Path(sysconfig.get_path("scripts"))
    command = [here / "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True, timeout=300)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        text=True,
        capture_output=True,
    )
    # a plain path: the .pth files beyond it, which would bring the checkout in, are not read
    Path(site.stdout.strip(), "needs.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def run(installed: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of the environment, in an empty home and folder, with nothing of the checkout on any path."""
    kept = ("PATH", "LANG", "EDGESNN_LAVA_PYTHON")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{installed}:{environment['PATH']}"}
    done = subprocess.run(
        [installed / arguments[0], *arguments[1:]],
        cwd=home,
        env=environment,
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    places = "edgesnn.__file__, edgesnn.targets.mcu.__file__, edgesnn.models.q_snn.__file__"
    code = f"import edgesnn, edgesnn.targets.mcu, edgesnn.models.q_snn; print({places})"
    for path in run(installed, tmp_path, "python", "-c", code).stdout.split():
        assert Path(path).is_relative_to(installed.parent)


def test_sample_data_is_found(installed: Path, tmp_path: Path) -> None:
    code = "from edgesnn import datasets; print(datasets.sample('mnist')[1][:5].tolist())"
    assert run(installed, tmp_path, "python", "-c", code).stdout == "[7, 2, 1, 0, 4]\n"


def test_models_and_boards_are_found(installed: Path, tmp_path: Path) -> None:
    models = json.loads(run(installed, tmp_path, "edgesnn", "models", "--json").stdout)["models"]
    assert {"q_snn", "q_snn_loihi"} <= {model["name"] for model in models}
    boards = json.loads(run(installed, tmp_path, "edgesnn", "boards", "--json").stdout)["boards"]
    assert {"host", "mps2-an386"} <= {board["name"] for board in boards}


@pytest.mark.parametrize(("target", "board"), [("mcu", "host"), ("mcu", "mps2-an386"), ("tflite", None)])
def test_deploys_from_any_folder(installed: Path, tmp_path: Path, target: str, board: str | None) -> None:
    choice = ["--target", target, *(["--board", board] if board else [])]
    answer = run(installed, tmp_path, "edgesnn", "deploy", "q_snn", *choice, "--samples", "5", "--out", "out", "--json")
    report = json.loads(answer.stdout)
    assert (report["exact"], report["samples"], report["mismatches"]) == (True, 5, 0)
    assert any((tmp_path / "out").iterdir())
