"""The whole search on a small network: real compression, real builds, a real emulator."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner, Result

import edgesnn
from edgesnn.cli import main
from edgesnn.integer import decide, run
from edgesnn.train import data

pytestmark = pytest.mark.xdist_group("fit")  # searched once
FEW = ("--limit", "300", "--validation", "60", "--seed", "1")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)


def fit(job: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["fit", str(job), *FEW, *(str(word) for word in words)])


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1), result.output
    loaded = json.loads(result.stdout)
    assert isinstance(loaded, dict)
    return loaded


def points(found: dict[str, Any]) -> list[tuple[int, ...]]:
    return [tuple(value for _, value in item["configuration"]) for item in found["measured"]]


@pytest.fixture(scope="module")
def searched(job: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Two trials on the emulated Cortex-M4, in two processes."""
    out = tmp_path_factory.mktemp("fit")
    words = ("--board", "mps2-an386", "--flash", "64K", "--ram", "32K", "--instructions", "1M")
    result = fit(job, *words, "--trials", "2", "--jobs", "2", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    return out, answer(result)


def test_winner_fits_by_the_built_files_and_is_as_accurate_as_said(
    searched: tuple[Path, dict[str, Any]], job: Path
) -> None:
    """Everything again, from what was written: the program's sections, and the accuracy on the validation samples."""
    from edgesnn.targets.mcu import elf

    out, found = searched
    winner = found["winner"]
    program = elf.read(out / "board" / "tiny.elf", [])
    assert (program.flash_bytes, program.ram_bytes) == (
        winner["figures"]["flash_bytes"], winner["figures"]["ram_bytes"],
    )  # fmt: skip
    assert program.flash_bytes <= 64 << 10 and program.ram_bytes <= 32 << 10
    assert winner["figures"]["instructions"] <= 10**6
    model = edgesnn.load(out / "tiny.onnx")
    held_out = data.splits(str(job.parent / "digits.npz"))[1].first(60)
    scores = run(model, model.encode(held_out.samples.numpy())).output
    right = float((decide(scores) == held_out.labels.numpy()).mean())
    assert right == winner["accuracy"]["value"] == winner["measured"]["accuracy"]
    assert winner["accuracy"]["value"] == max(item["accuracy"] for item in found["measured"] if item["accuracy"])


def test_every_reported_configuration_was_measured(searched: tuple[Path, dict[str, Any]]) -> None:
    out, found = searched
    assert len(set(points(found))) == len(found["measured"]) == 2
    for item in found["measured"]:
        assert item["accuracy"] is not None and item["samples"] == 60
        assert all(item["figures"][name] > 0 for name in ("flash_bytes", "ram_bytes", "instructions", "energy_uj"))
        assert (item["figures"]["energy_label"], item["figures"]["energy_table"]) == ("modelled", "nrf52840")
    assert len(list((out / "search").rglob("measured.json"))) == 2


def test_report_shows_the_front(searched: tuple[Path, dict[str, Any]]) -> None:
    out, found = searched
    assert set(found["files"]) >= {"tiny.onnx", "tiny.pt", "tiny.json", "fit.json", "pareto.html", "board/tiny.elf"}
    page = (out / "pareto.html").read_text()
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=\"http", page)
    figures = json.loads(re.findall(r'id="figures">(.*?)</script>', page, re.DOTALL)[0])
    assert set(figures) == {"flash_bytes", "ram_bytes", "instructions", "energy_uj"}
    drawn = [point for trace in figures["flash_bytes"]["data"][:2] for point in trace["x"]]
    assert sorted(drawn) == sorted(item["figures"]["flash_bytes"] for item in found["measured"])
    assert len(figures["flash_bytes"]["layout"]["shapes"]) == 1
    assert json.loads((out / "fit.json").read_text())["winner"] == found["winner"]


def test_the_same_folder_goes_on(searched: tuple[Path, dict[str, Any]], job: Path) -> None:
    """Nothing is measured twice: the files of the first trials stay as they are. Nor does torch compute with more
    threads afterwards, because a trial did."""
    out, found = searched
    threads = torch.get_num_threads()
    before = {path: path.stat().st_mtime_ns for path in (out / "search").rglob("measured.json")}
    words = ("--board", "mps2-an386", "--flash", "64K", "--ram", "32K", "--instructions", "1M")
    more = answer(fit(job, *words, "--trials", "3", "--jobs", "1", "--out", out, "--json"))
    assert points(more)[:2] == points(found)
    assert len(more["measured"]) == 3
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())
    assert torch.get_num_threads() == threads


def test_other_bounds_begin_with_what_is_known(searched: tuple[Path, dict[str, Any]], job: Path) -> None:
    """One new trial beside all earlier ones, whose figures are as they were; a winner may be one of those."""
    out, found = searched
    words = ("--board", "mps2-an386", "--instructions", "900k", "--trials", "1", "--jobs", "1")
    again = answer(fit(job, *words, "--out", out, "--json"))
    earlier = {tuple(map(tuple, item["configuration"])): item for item in found["measured"]}
    repeated = [item for item in again["measured"] if tuple(map(tuple, item["configuration"])) in earlier]
    assert sorted(repeated, key=str) == sorted(earlier.values(), key=str)
    assert len(again["measured"]) > len(found["measured"])


def test_nothing_fits(job: Path, tmp_path: Path) -> None:
    """It says so, and by how much; there is no file of a model, and every build was weighed."""
    out = tmp_path / "out"
    words = ("--target", "tflite", "--flash", "4K", "--trials", "1", "--jobs", "1", "--out", out)
    result = fit(job, *words)
    assert result.exit_code == 1
    nearest = re.search(
        r"nothing fits; nearest: .*: flash ([\d.]+) KiB, ([\d.]+) KiB \(([\d.]+) %\) more", result.stdout
    )
    assert nearest is not None, result.stdout
    needed, missing, share = map(float, nearest.groups())
    assert needed - missing == pytest.approx(4.0, abs=0.11) and share == pytest.approx(100 * missing / 4, abs=3)
    assert sorted(path.name for path in out.iterdir()) == ["search"]
    assert not list(out.rglob("*.onnx"))
    assert "no file was written" in result.stdout
    found = answer(fit(job, *words, "--json"))
    assert found["winner"] is None and found["files"] == [] and found["front"] == []
    assert all(item["accuracy"] is None and item["figures"]["flash_bytes"] > 4096 for item in found["measured"])


def test_a_killed_search_is_taken_up(job: Path, tmp_path: Path) -> None:
    """A trial that a dead process left under way is asked again."""
    from edgesnn.fit.bounds import Bounds
    from edgesnn.fit.space import space_of
    from edgesnn.fit.study import WORKER, Study
    from tests.fit.network import Tiny

    space = space_of(Tiny(), {})
    study = Study("q", space, Bounds(), tmp_path / "q.journal", seed=0)
    first = study.ask()
    assert first is not None
    first[0].set_user_attr(WORKER, f"{os.uname().nodename}:{2**22 + 1}")  # beyond what Linux gives as a process number
    asked = []
    resumed = Study("q", space, Bounds(), tmp_path / "q.journal", seed=0)
    for _ in range(3):
        found = resumed.ask()
        assert found is not None
        asked.append(dict(found[1]))
    assert dict(first[1]) in asked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--flash", "64Q"), "is not bytes"),
        (("--weight-bits", "1,x"), "is no list"),
        (("--weight-bits", "3"), "weight bits: 3 is not possible"),
        (("--board", "mps2-an385x"), "is no board"),
        (("--target", "tflite", "--instructions", "1M", "--trials", "1", "--jobs", "1"), "this board cannot tell"),
        (("--target", "tflite", "--data", "nothing.npz"), "holds no samples"),
        (("--target", "tflite", "--storage", "nonsense://x"), "storage nonsense://x: cannot be used"),
    ],
)
def test_mistakes_are_named(job: Path, words: tuple[str, ...], message: str) -> None:
    result = fit(job, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_network_that_was_not_trained_is_refused(tmp_path: Path, job: Path) -> None:
    (tmp_path / "raw.toml").write_text((job.parent / "tiny.toml").read_text())
    result = fit(tmp_path / "raw.toml", "--trials", "1")
    assert result.exit_code == 2
    assert "the network is not trained" in result.stderr
