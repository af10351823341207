"""The table of kernels: what it writes, and that it says where a limit is not reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import kernels


def test_the_table_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kernels.main(["--only", "leak 3/4", "--json", str(tmp_path / "bench.json")])
    (row,) = json.loads((tmp_path / "bench.json").read_text())
    assert list(row) == ["name", "core", "instructions", "cycles_modelled", "reference"]
    assert (row["core"], row["reference"]) == ("cortex-m4", None)
    assert 1024 < row["instructions"] < row["cycles_modelled"]
    shown = capsys.readouterr().out
    assert f"{row['instructions']:,.0f}" in shown
    assert f"{row['cycles_modelled']:,.0f}" in shown


def test_every_row_has_a_name_of_its_own() -> None:
    names = [(case.at_rate(i), case.board) for case in kernels.CASES for i in range(len(case.rates))]
    assert len(set(names)) == len(names)


def test_limits_that_are_not_reached_are_marked() -> None:
    assert kernels.limit(8_000.0, 8_000) == "8,000"
    assert kernels.limit(8_001.0, 8_000) == "! 8,000"
    assert kernels.limit(None, 8_000) == "8,000"
    assert kernels.limit(1.0, None) == ""
