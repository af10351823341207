"""The comparison of criteria runs, and its figures are what pruning gives."""

from __future__ import annotations

from benchmarks.pruning import compare, line
from edgesnn.compression.source import find_source
from edgesnn.structure.copying import copied
from edgesnn.train.loop import evaluate
from tests.networks import Plain, bars, lively


def test_every_criterion_is_compared_on_the_same_network() -> None:
    source, data = find_source(lively(Plain())), (bars(128), bars(40, 1))
    rows = compare(source, data, 0.5, ["conv", "!first"], seeds=2)
    assert [row.method for row in rows] == ["svs", "magnitude", "random"]
    assert all(row.layers == ("conv2",) and len(row.cut) == len(row.calibrated) == 2 for row in rows)
    assert rows[0].whole == evaluate(copied(source.network), data[1])
    assert rows[1].cut[0] == rows[1].cut[1]  # magnitude looks at no samples
    assert "magnitude" in line(rows[1])
