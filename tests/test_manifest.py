"""A build into the folder of an earlier one leaves nothing of it behind, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

import edgesnn
from edgesnn import manifest
from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Dense, Input, IntegrateFire, Membrane, SpikeCount


def model(name: str, spiking: bool) -> Model:
    ends = [Node("lif", IntegrateFire(threshold=1), ("synapses",)), Node("count", SpikeCount(), ("lif",))]
    nodes = [Node("x", Input((3,), 0, 1)), Node("synapses", Dense([[1, -1, 1], [1, 1, 1]], 1), ("x",))]
    return Model(name, (*nodes, *(ends if spiking else [Node("scores", Membrane(), ("synapses",))])), time_steps=2)


def test_kernels_of_an_earlier_model_are_gone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = edgesnn.deploy(model("one", spiking=True), "mcu", "host", out=out, samples=3)
    (out / "port" / "mine.txt").write_text("kept")
    second = edgesnn.deploy(model("two", spiking=False), "mcu", "host", out=out, samples=3)
    assert (first.exact, second.exact) == (True, True)
    assert (out / "port" / "mine.txt").read_text() == "kept"
    (out / "port" / "mine.txt").unlink()
    fresh = edgesnn.build(model("two", spiking=False), "mcu", "host", out=tmp_path / "fresh")
    names = {str(path.relative_to(fresh.folder)) for path in fresh.folder.rglob("*")}
    assert {str(path.relative_to(out)) for path in out.rglob("*")} - names == {"report.html", "result.json"}


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "mine.c").write_text("int mine;")
    edgesnn.build(model("one", spiking=True), "mcu", "host", out=tmp_path)
    edgesnn.build(model("one", spiking=True), "mcu", "host", out=tmp_path)
    assert (tmp_path / "link" / "mine.c").read_text() == "int mine;"


@pytest.mark.parametrize("text", ["../victim\n", "/tmp/victim\n", "a/../../victim\n", "\xff", "\n"])
def test_names_that_lead_out_are_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / manifest.NAME).write_bytes(text.encode("latin-1"))
    assert manifest.read(tmp_path) == ()


def test_only_empty_folders_are_removed(tmp_path: Path) -> None:
    for name in ("a/b/c.txt", "a/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    manifest.remove(tmp_path, ["a/b/c.txt", "missing.txt"])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == ["a", "a/d.txt"]
    manifest.remove(tmp_path, ["a/d.txt"])
    assert list(tmp_path.iterdir()) == []
