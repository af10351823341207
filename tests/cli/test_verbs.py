"""check, build, flash, run, verify and profile, on a device that is the interpreter."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Model, Node, decide, file, run
from edgesnn.integer.ops import Input, Membrane, TernaryLif
from edgesnn.samples import random_samples, task_samples
from tests.cli.conftest import Cli, answer, written


def test_check_says_yes(cli: Cli, model_file: Path) -> None:
    result = cli("check", model_file, "--target", "bench")
    assert (result.exit_code, result.stdout) == (0, "q_snn_like runs exactly on bench/exact\n")


def test_check_names_every_problem(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("check", model_file, "--board", "tiny", "--json")
    found = answer(result)
    assert (result.exit_code, found["ok"], found["target"]) == (1, False, "bench")
    assert [problem["rule"] for problem in found["problems"]] == ["flash", "ram"]
    assert written(here) == []


def test_build_writes_into_the_folder(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("build", model_file, "--target", "bench", "--out", "mine", "--json")
    found = answer(result)
    assert result.exit_code == 0
    assert found["files"] == ["bench.json", "more/notes.txt"]
    assert written(here) == ["mine/bench.json", "mine/more/notes.txt"]
    assert json.loads(Path(found["main"]).read_text()) == {"model": "q_snn_like"}


def test_build_chooses_a_folder(cli: Cli, model_file: Path, here: Path) -> None:
    assert cli("build", model_file, "--target", "bench").exit_code == 0
    assert (here / "build" / "q_snn_like-bench-exact" / "bench.json").is_file()


def test_flash_says_what_was_done(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("flash", model_file, "--target", "bench")
    assert (result.exit_code, result.stdout) == (0, "nothing to flash: it runs here\n")
    assert written(here) == []


def test_verify_exact(cli: Cli, model_file: Path) -> None:
    result = cli("verify", model_file, "--target", "bench", "--samples", "30", "--json")
    found = answer(result)
    assert (result.exit_code, found["exact"], found["samples"], found["mismatches"]) == (0, True, 30, 0)
    assert found["hidden"] == []
    assert "lif2.v" in found["observed"]
    assert found["data"] == "mnist test"


def test_verify_names_the_first_difference(cli: Cli, model_file: Path) -> None:
    result = cli("verify", model_file, "--board", "faulty", "--json")
    found = answer(result)
    assert (result.exit_code, found["exact"], found["samples"], found["mismatches"]) == (1, False, 10, 1)
    first = found["first"]
    assert (first["sample"], first["step"], first["layer"], first["what"], first["index"]) == (
        7,
        1,
        "lif2",
        "v",
        [0, 0, 3],
    )
    assert first["actual"] == first["expected"] + 1
    assert "sample 7, step 1, layer lif2, v[0, 0, 3]" in cli("verify", model_file, "--board", "faulty").stdout


def test_verify_counts_samples_across_portions(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgesnn import verification
    from tests.devices import BenchSession

    monkeypatch.setattr(verification, "CHUNK", 5)
    model = file.load(model_file)
    session = BenchSession(model, "faulty")
    found, outputs = verification.verify_session(session, "bench", "faulty", task_samples(model, 12))
    assert (found.mismatches, found.first.sample if found.first else None) == (1, 7)
    assert (outputs == run(model, task_samples(model, 12).x).output).all()


def test_verify_counts_the_integers(model_file: Path) -> None:
    from edgesnn.verification import verify_session
    from tests.devices import BenchSession

    model = file.load(model_file)
    x = task_samples(model, 3)
    found, _ = verify_session(BenchSession(model, "exact"), "bench", "exact", x)
    traced = run(model, x.x, record=[node.name for node in model.nodes])
    arrays = [array for trace in traced.traces.values() for array in (trace.output, *trace.states.values())]
    assert found.integers == sum(array.size for array in [*arrays, traced.output])


def test_verify_says_what_it_cannot_see(cli: Cli, model_file: Path) -> None:
    found = answer(cli("verify", model_file, "--board", "fused", "--json"))
    assert found["exact"]
    assert set(found["hidden"]) >= {"conv1.output", "norm2.output", "lif1.v", "scores.v"}
    assert "lif1.output" in found["observed"]
    assert "not observable on this board: conv1.output" in cli("verify", model_file, "--board", "fused").stdout


def test_model_without_a_data_set_gets_random_input(cli: Cli, here: Path) -> None:
    from edgesnn.integer import Metadata
    from tests.factory import q_snn_like

    file.save(q_snn_like().replace(metadata=Metadata()), here / "m.onnx")
    found = answer(cli("verify", "m.onnx", "--target", "bench", "--samples", "3", "--json"))
    assert found["exact"]
    assert found["data"].startswith("random input")


def test_run_on_the_interpreter(cli: Cli, model_file: Path, here: Path) -> None:
    result = cli("run", model_file, "--data", "mnist", "--split", "test", "--limit", "300", "--out", "p.csv", "--json")
    found = answer(result)
    model = file.load(model_file)
    samples = task_samples(model, 300)
    decisions = decide(run(model, samples.x).output)
    assert result.exit_code == 0
    assert found["samples"] == 300
    assert found["accuracy"] == float(np.mean(decisions == samples.labels))
    assert sum(map(sum, found["confusion"])) == 300
    lines = (here / "p.csv").read_text().splitlines()
    assert lines[0].startswith("index,label,decision,score_0")
    assert [int(line.split(",")[2]) for line in lines[1:]] == decisions.tolist()


def test_run_on_a_board_and_a_file(cli: Cli, model_file: Path, here: Path) -> None:
    rng = np.random.default_rng(1)
    np.savez(here / "mine.npz", samples=rng.integers(0, 256, (7, 28, 28)))
    found = answer(cli("run", model_file, "--board", "exact", "--data", "mine.npz", "--json"))
    assert (found["samples"], found["accuracy"], found["board"]) == (7, None, "exact")


def test_profile_counts_and_labels(cli: Cli, model_file: Path) -> None:
    result = cli("profile", model_file, "--board", "counting", "--json")
    found = answer(result)
    assert result.exit_code == 0
    assert (found["flash_bytes"], found["ram_bytes"], found["stack_bytes"]) == (12288, 12000, 512)
    assert found["instructions"] > 0
    assert [energy["label"] for energy in found["energies"]] == ["modelled", "arithmetic only"]
    assert found["energy"] == found["energies"][0]
    assert found["energy"]["unit"] == "uJ"
    assert found["energy"]["table"] == "nrf52840"
    assert found["energy"]["low"] < found["energy"]["value"] < found["energy"]["high"]
    layers = {layer["name"]: layer for layer in found["layers"]}
    assert layers["lif1"]["spikes"] == layers["lif1"]["rate"] * 3136 * 2
    assert layers["conv1"]["spikes"] is None
    assert 0 < layers["conv2"]["synaptic_adds"] < layers["conv2"]["dense_adds"]


def test_profile_tells_what_saturates(cli: Cli, here: Path) -> None:
    """Codes of 2 bits clip: as often as the interpreter counts, and in words."""
    nodes = (
        Node("x", Input((4,), -9, 9)),
        Node("soma", TernaryLif(1, 100, leak_shift=0, fraction_bits=1, state_bits=2), ("x",)),
        Node("scores", Membrane(), ("soma",)),
    )
    model = Model("clipping", nodes, 3)
    file.save(model, here / "t.onnx")
    found = answer(cli("profile", "t.onnx", "--board", "counting", "--json"))
    x = random_samples(model, found["samples"]).x
    counted = {name: float(item.clipped.mean()) for name, item in run(model, x, count=True).counters.items()}
    assert {layer["name"]: layer["clipped"] for layer in found["layers"]} == counted
    assert counted["soma"] > 0
    assert f"values clipped by saturation, per inference: soma {counted['soma']:,.1f}" in found["notes"]


def test_profile_with_another_table(cli: Cli, model_file: Path) -> None:
    found = answer(cli("profile", model_file, "--board", "counting", "--energy-table", "loihi", "--json"))
    assert (found["energy"]["label"], found["energy"]["table"]) == ("modelled", "loihi")
    text = cli("profile", model_file, "--board", "exact").stdout
    assert "energy, arithmetic only" in text
    assert "instructions are not counted on this board" in text
