"""`edgesnn deploy` and `report`: which model is taken, what is written, what comes out."""

from __future__ import annotations

import json
from pathlib import Path

from edgesnn.deployment import read_deployment
from tests.cli.conftest import Cli, answer, written


def test_deploy_writes_everything_and_says_it(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("deploy", model_file, "--board", "counting", "--out", "d", "--json")
    found = answer(result)
    assert (result.exit_code, found["exact"], found["samples"]) == (0, True, 10)
    assert written(here) == ["d/bench.json", "d/more/notes.txt", "d/report.html", "d/result.json"]
    assert found["files"] == ["bench.json", "more/notes.txt"]
    assert json.loads((here / "d" / "result.json").read_text()) == found
    assert found["profile"]["instructions"] > 0
    assert found["notes"][0] == "built for tests"


def test_deploy_in_words(cli: Cli, model_file: Path) -> None:
    lines = cli("deploy", model_file, "--target", "bench").stdout
    assert "nothing to flash" in lines
    assert "exact, 10 samples" in lines
    assert "report: " in lines


def test_deploy_that_is_not_exact_is_a_no(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("deploy", model_file, "--board", "faulty", "--out", "d", "--json")
    assert (result.exit_code, answer(result)["mismatches"]) == (1, 1)
    assert (here / "d" / "report.html").is_file()


def test_a_stored_result_reads_back_the_same(cli: Cli, model_file: Path, here: Path) -> None:
    cli("deploy", model_file, "--board", "faulty", "--out", "d")
    deployment = read_deployment(here / "d")
    assert deployment.to_text() == (here / "d" / "result.json").read_text()


def test_model_of_the_folder(cli: Cli, model_file: Path, here: Path) -> None:
    (here / "nets").mkdir()
    (here / "nets" / "mine.onnx").write_bytes(model_file.read_bytes())
    (here / "edgesnn.toml").write_text('model = "nets/mine.onnx"\ntarget = "bench"\nboard = "fused"\n')
    found = answer(cli("deploy", "--out", "d", "--json"))
    assert (found["board"], found["reason"]) == ("fused", "nets/mine.onnx, named in edgesnn.toml")
    assert "model: nets/mine.onnx, named in edgesnn.toml" in cli("deploy", "--out", "d").stdout


def test_board_of_the_folder_is_for_its_own_target(cli: Cli, model_file: Path, here: Path) -> None:
    (here / "edgesnn.toml").write_text('target = "mcu"\nboard = "mps2-an386"\nport = "/dev/none"\n')
    found = answer(cli("check", model_file, "--target", "bench", "--json"))
    assert found["board"] == "exact"


def test_report_combines(cli: Cli, model_file: Path, here: Path) -> None:
    for board in ("exact", "counting"):
        assert cli("deploy", model_file, "--board", board, "--target", "bench").exit_code == 0
    result = cli("report", "--out", "all.html", "--json")
    found = answer(result)
    assert (result.exit_code, found["exact"]) == (0, True)
    assert sorted(item["board"] for item in found["results"]) == ["counting", "exact"]
    assert (here / "all.html").read_text().count('class="deployment"') == 2
    lines = cli("report", *sorted((here / "build").iterdir())).stdout.splitlines()
    assert lines[0].split() == [
        "target", "board", "model", "exact", "samples", "accuracy", "flash", "RAM", "stack", "instructions", "energy",
    ]  # fmt: skip
    assert sum(line.startswith("bench ") for line in lines) == 2


def test_report_of_a_failure_is_a_no(cli: Cli, model_file: Path) -> None:
    cli("deploy", model_file, "--board", "faulty", "--target", "bench")
    result = cli("report")
    assert result.exit_code == 1
    assert "NO" in result.stdout.splitlines()[2]


def test_a_good_result_survives_a_failed_build(cli: Cli, model_file: Path, here: Path) -> None:
    assert cli("deploy", model_file, "--board", "exact", "--out", "d").exit_code == 0
    before = {name: (here / name).read_bytes() for name in written(here)}
    assert cli("deploy", model_file, "--board", "unbuildable", "--out", "d").exit_code == 2
    assert {name: (here / name).read_bytes() for name in written(here)} == before
