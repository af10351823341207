"""`edgesnn learn`: answers, JSON, what it saves and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgesnn.integer import Model, file
from edgesnn.integer.learning import Learning, learner_of, model_of, pupil_of
from edgesnn.lessons import Lessons
from tests.cli.conftest import Cli, answer
from tests.targets.mcu.learning.test_boards import pupil

HOST = ("--target", "mcu", "--board", "host")


@pytest.fixture
def digits(here: Path) -> Path:
    """Sixty samples of 20 values: a class has four bright ones of its own."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 60)
    values = rng.integers(0, 90, (60, 20))
    for row, label in zip(values, labels, strict=True):
        row[4 * label : 4 * label + 4] += 150
    np.savez(here / "digits.npz", samples=values, labels=labels)
    return here / "digits.npz"


@pytest.fixture
def learnable(here: Path) -> Path:
    one = pupil("mpd-ed")
    file.save(model_of("learnable", one.layers, one.ticks).replace(learning=one.learning), here / "learnable.onnx")
    return here / "learnable.onnx"


def test_a_model_learns_and_is_saved(cli: Cli, digits: Path, learnable: Path, here: Path) -> None:
    """What the board has learned is what the reference learns from the same samples, and goes on from there."""
    words = ("learn", learnable, *HOST, "--data", digits, "--samples", 40, "--set", "events=500")
    record = answer(cli(*words, "--save", here / "after.onnx", "--json"))
    assert (record["exact"], record["samples"], record["learned"], record["rule"]) == (True, 40, 40, "mpd-ed")
    assert record["network"] == "20-12-5"
    assert 0.2 < record["accuracy"] <= 1
    assert [part["samples"] for part in record["course"]] == list(range(4, 41, 4))
    assert (record["energy"], record["instructions"]) == (None, None)  # a computer counts none
    assert record["operations"]["updates"] > 0
    before, after = file.load(learnable), file.load(here / "after.onnx")
    assert after.learning == before.learning.__class__(**{**vars(before.learning), "events": 500})
    with np.load(digits) as arrays:
        values, labels = arrays["samples"][:40], arrays["labels"][:40]
    learner = learner_of(before.replace(learning=after.learning))
    from edgesnn.learn import latency, trains

    for sample, label in zip(trains(latency(values, 16), 16), labels, strict=True):
        learner.learn(sample, int(label))
    assert [node.op for node in after.nodes] == [
        node.op for node in model_of("x", learner.layers, 16).nodes
    ]  # fmt: skip


def test_learning_goes_on_from_what_the_board_stored(cli: Cli, digits: Path, learnable: Path, here: Path) -> None:
    """Twice twenty samples with a new process in between are forty; figures are those of the samples of a run."""
    words = ("learn", learnable, *HOST, "--data", digits, "--samples", 20, "--json")
    first = answer(cli(*words, "--store", "--out", here / "out"))
    assert (first["exact"], first["resumed"], first["stored"]["sequence"]) == (True, 0, 0)
    second = answer(cli(*words, "--resume", "--skip", 20, "--out", here / "out", "--save", here / "twice.onnx"))
    assert (second["exact"], second["resumed"], second["stored"]) == (True, 20, None)
    assert second["learned"] + second["overruns"] == 20
    whole = answer(cli(*words, "--samples", 40, "--save", here / "once.onnx"))
    assert file.load(here / "twice.onnx") == file.load(here / "once.onnx")
    assert first["learned"] + second["learned"] == whole["learned"]
    for part in ("adds", "updates"):
        mean = (first["operations"][part] + second["operations"][part]) / 2
        assert mean == pytest.approx(whole["operations"][part])
    said = cli(
        "learn", learnable, *HOST, "--data", digits, "--samples", 5, "--resume", "--store", "--out", here / "out"
    )
    assert "went on from 20 samples that the board had stored" in said.output
    assert "stored on the board: 1,056 bytes, network 0x" in said.output
    assert ", number 1" in said.output


def test_spike_times_learn_are_saved_and_verified(cli: Cli, digits: Path, here: Path) -> None:
    """By stdbp, from random weights; the file is a model like any other, and goes on learning."""
    words = ("--data", digits, "--samples", 30, "--json")
    first = answer(cli("learn", "--new", "20-6-5", "--rule", "stdbp", *HOST, *words, "--save", here / "a.onnx"))
    assert first["exact"] is True
    assert {node.op.kind for node in file.load(here / "a.onnx").nodes} == {"Input", "Dense", "RelPsp", "FirstSpike"}
    verified = answer(cli("verify", here / "a.onnx", *HOST, "--samples", 3, "--json"))
    assert verified["exact"] is True
    said = answer(cli("run", here / "a.onnx", "--data", digits, "--json"))
    assert said["accuracy"] == pytest.approx(accuracy_of_learner(file.load(here / "a.onnx"), digits))
    more = answer(cli("learn", here / "a.onnx", *HOST, *words, "--save", here / "b.onnx"))
    assert (more["exact"], more["rule"]) == (True, "stdbp")
    assert file.load(here / "b.onnx") != file.load(here / "a.onnx")


def accuracy_of_learner(model: Model, digits: Path) -> float:
    """Of the reference learner, which learns nothing here."""
    one = pupil_of(model)
    learner = one.learner()
    with np.load(digits) as arrays:
        given = Lessons(arrays["samples"], arrays["labels"], "digits")
    samples = given.samples(one.learning.rule, one.ticks, one.latency, one.faintest)
    return float(np.mean([learner.infer(sample) for sample in samples] == given.labels))


def test_random_weights_on_an_emulated_board(cli: Cli, digits: Path) -> None:
    """Instructions are counted and energy is modelled, with its label."""
    words = ("learn", "--new", "20-6-5", "--rule", "stdbp", "--board", "mps2-an386", "--data", digits, "--samples", 20)
    record = answer(cli(*words, "--json"))
    assert record["exact"] is True
    assert record["difference"] is None
    assert all(record["instructions"][part] > 100 for part in ("forward", "backward", "update"))
    energy = record["energy"]
    assert (energy["update"]["label"], energy["update"]["unit"]) == ("modelled", "uJ")
    assert energy["update"]["low"] < energy["update"]["value"] < energy["update"]["high"]
    assert 0 < energy["each_update"]["value"] < energy["update"]["value"]
    assert record["ram_bytes"] > record["learner_bytes"] - 64


def test_figures_by_sample_are_what_the_means_are_of(cli: Cli, digits: Path, here: Path) -> None:
    """And the page has them; on a board that does not count it says why it has none."""
    new = ("learn", "--new", "20-6-5", "--rule", "mpd-ed")
    words = (*new, "--data", digits, "--samples", 20, "--html", here / "a.html")
    record = answer(cli(*words, "--board", "mps2-an386", "--json"))
    series, spread = record["by_sample"], record["spread"]
    assert record["ticks"] == 16
    assert np.mean(series["right"]) == pytest.approx(record["accuracy"])
    assert series["learned"] == [1] * 20
    for part in ("forward", "backward", "update"):
        assert np.mean(series[part]) == pytest.approx(record["instructions"][part])
        assert (spread[part]["lowest"], spread[part]["highest"]) == (min(series[part]), max(series[part]))
    whole = np.sum([series[part] for part in ("forward", "backward", "update")], axis=0)
    assert (spread["whole"]["lowest"], spread["whole"]["highest"]) == (whole.min(), whole.max())
    energy = record["energy"]
    each = energy["forward"]["value"] / record["instructions"]["forward"]
    assert record["energy_spread"]["highest"] == pytest.approx(each * whole.max())
    page = (here / "a.html").read_text()
    assert all(f'"t-{kind}"' in page for kind in ("accuracy", "split", "spread", "course", "operations", "memory"))
    uncounted = answer(cli(*words, *HOST, "--json"))
    assert (uncounted["spread"], uncounted["by_sample"]["forward"]) == (None, [])
    page = (here / "a.html").read_text()
    assert "Sample by sample: instructions are not counted on this board." in page
    assert '"t-accuracy"' in page and '"t-course"' not in page


def test_learning_is_what_it_takes_more_than_deciding(cli: Cli, digits: Path) -> None:
    """The same samples with learning off; bytes are counts of the device times sizes, and what a rule keeps differs."""
    words = ("learn", "--new", "20-6-5", "--data", digits, "--samples", 20, "--json")
    record = answer(cli(*words, "--rule", "stbp", "--board", "mps2-an386"))
    assert record["exact"] is True
    cost, instructions, series = record["switched"], record["instructions"], record["by_sample"]
    assert cost["on"] == pytest.approx(sum(instructions.values()))  # all samples were learned
    assert cost["off"] == pytest.approx(np.mean(cost["forward"]))
    assert cost["forward"][0] == series["forward"][0]  # the first sample meets the same weights
    assert cost["difference"] == pytest.approx(cost["on"] - cost["off"])
    assert cost["difference"] - cost["drift"] == pytest.approx(instructions["backward"] + instructions["update"])
    energy = record["switched_energy"]
    assert energy["difference"]["value"] == pytest.approx(energy["on"]["value"] - energy["off"]["value"])
    moved, operations = record["traffic"], record["operations"]
    assert moved["forward_read"] == operations["adds"]
    assert moved["errors_read"] == operations["multiplies"]  # by stbp, which multiplies for nothing else
    assert (moved["moved_read"], moved["moved_written"]) == (2 * operations["updates"], 3 * operations["updates"])
    assert moved["kept_written"] > 4 * 16 * 6  # potentials of all steps, and events
    assert moved["learning_written"] == moved["kept_written"] + moved["moved_written"]


def test_what_does_not_count_instructions_counts_bytes(cli: Cli, digits: Path) -> None:
    """Without masters a weight is read and written in their place."""
    words = ("learn", "--new", "20-6-5", "--rule", "mpd-ed", *HOST, "--data", digits, "--samples", 20, "--json")
    record = answer(cli(*words, "--set", "stochastic=1"))
    assert (record["exact"], record["switched"], record["switched_energy"]) == (True, None, None)
    moved, updates = record["traffic"], record["operations"]["updates"]
    assert (moved["moved_read"], moved["moved_written"]) == (updates, updates)
    assert 0 < moved["errors_read"] <= 6 * 5
    assert moved["kept_written"] > 0


def test_the_baseline_learns_the_same_samples(cli: Cli, digits: Path, here: Path) -> None:
    """On the same board; by itself it comes to the same figures. Both terms stand beside the ratios."""
    new = ("learn", "--new", "20-6-5", "--board", "mps2-an386", "--data", digits, "--samples", 20)
    words = (*new, "--rule", "mpd-ed", "--against", "stbp", "--set", "stochastic=1")
    record = answer(cli(*words, "--html", here / "a.html", "--json"))
    baseline, mine = record["against"], record["instructions"]
    assert (record["exact"], record["rule"], baseline["rule"], baseline["exact"]) == (True, "mpd-ed", "stbp", True)
    assert baseline == answer(cli(*new, "--rule", "stbp", "--set", "stochastic=1", "--json"))
    its = baseline["instructions"]
    terms = (its["backward"] + its["update"], mine["backward"] + mine["update"])
    assert record["ratios"]["learning"] == pytest.approx(terms[0] / terms[1])
    assert record["ratios"]["whole"] == pytest.approx(sum(its.values()) / sum(mine.values()))
    page = (here / "a.html").read_text()
    assert "Against stbp" in page and '"t-against"' in page and "stbp / mpd-ed" in page


def test_a_baseline_of_other_time_steps_says_so(cli: Cli, digits: Path, here: Path) -> None:
    """And one on a board that does not count has accuracies but no ratio."""
    words = ("--data", digits, "--samples", 10, "--against", "stbp", "--html", here / "a.html")
    done = cli("learn", "--new", "20-6-5", "--rule", "stdbp", *HOST, *words)
    assert done.exit_code == 0, done.output
    assert "time steps are not equal: 256 of stdbp, 16 of stbp" in done.stdout
    assert "instructions are not counted on this board: no ratio" in done.stdout
    assert "accuracy before each label was seen" in done.stdout
    assert "Against stbp: instructions are not counted on this board." in (here / "a.html").read_text()


def test_the_baseline_of_a_model_has_its_layers(cli: Cli, digits: Path, learnable: Path) -> None:
    """A difference of the baseline alone exits with 1 as well."""
    words = ("learn", learnable, *HOST, "--data", digits, "--samples", 5, "--against", "stbp", "--json")
    record = answer(cli(*words))
    assert (record["exact"], record["against"]["exact"]) == (True, True)
    assert record["against"]["network"] == record["network"] == "20-12-5"
    assert record["against"]["by_sample"]["right"][0] == record["by_sample"]["right"][0]  # by the same weights
    assert (record["ratios"], record["against"]["against"]) == (None, None)


def test_another_decision_with_learning_off_is_told(cli: Cli, digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the reference is what is wrong."""
    from edgesnn import teaching

    decided = teaching.frozen_decisions
    monkeypatch.setattr(
        teaching, "frozen_decisions", lambda pupil, samples: [(one + 1) % 5 for one in decided(pupil, samples)]
    )
    words = ("--new", "20-5", "--rule", "mpd-ed", "--board", "mps2-an386", "--data", digits, "--samples", 5)
    done = cli("learn", *words, "--json")
    assert (done.exit_code, answer(done)["exact"]) == (1, False)
    assert answer(done)["difference"].startswith("with learning off, sample 0: the device decides")


def test_the_last_layer_learns_on_loihi(cli: Cli, digits: Path, learnable: Path, here: Path) -> None:
    """In Lava's learning engine; energy is modelled from events; what is saved differs in the last layer only."""
    words = ("learn", learnable, "--target", "loihi", "--data", digits, "--samples", 30, "--set", "rate_shift=3")
    record = answer(cli(*words, "--save", here / "after.onnx", "--json"))
    assert (record["exact"], record["samples"], record["learned"], record["rule"]) == (True, 30, 30, "mpd-ed")
    assert (record["target"], record["board"]) == ("loihi", "lava-sim")
    assert (record["instructions"], record["saturated"], record["ram_bytes"]) == (None, None, None)
    energy, operations = record["energy"], record["operations"]
    assert (energy["forward"]["table"], energy["update"]["label"]) == ("loihi", "modelled")
    assert (energy["backward"], record["traffic"], record["switched"]) == (None, None, None)
    assert energy["update"]["value"] == pytest.approx(operations["updates"] * 120e-6)
    before, after = (file.load(path) for path in (learnable, here / "after.onnx"))
    changed = [a.name for a, b in zip(before.nodes, after.nodes, strict=True) if a.op != b.op]
    assert changed == ["synapse2"]


def test_what_learned_on_loihi_as_text(cli: Cli, digits: Path) -> None:
    words = ("--new", "20-5", "--rule", "mpd-ed", "--target", "loihi", "--data", digits, "--samples", 10)
    done = cli("learn", *words, "--out", "kept")
    assert done.exit_code == 0, done.output
    assert "20-5 by mpd-ed on loihi/lava-sim: 10 samples of digits.npz" in done.stdout
    assert "energy, update, modelled" in done.stdout
    assert "energy, backward" not in done.stdout
    assert {"run.py", "network.json", "README.md"} <= {path.name for path in Path("kept").iterdir()}


def test_the_text(cli: Cli, digits: Path) -> None:
    done = cli("learn", "--new", "20-5", "--rule", "std-ed", *HOST, "--data", digits, "--samples", 10, "--out", "kept")
    assert done.exit_code == 0, done.output
    assert "20-5 by std-ed on mcu/host: 10 samples of digits.npz" in done.stdout
    assert "exact: weights, masters, thresholds, counts and decisions are those of the reference" in done.stdout
    assert "weights updated" in done.stdout
    assert {"Makefile", "network.elf", "model", "link", "port"} <= {path.name for path in Path("kept").iterdir()}


def test_a_difference_is_told_and_exits_with_1(cli: Cli, digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the reference is what is wrong: it rounds to another side."""
    from edgesnn.integer.learning import weights

    shifted = weights.shifted
    monkeypatch.setattr(weights, "shifted", lambda x, right: shifted(x, right) if right == 8 else x >> right)
    words = ("learn", "--new", "20-5", "--rule", "mpd-ed", *HOST, "--data", digits, "--samples", 10, "--json")
    done = cli(*words)
    record = answer(done)
    assert (done.exit_code, record["exact"]) == (1, False)
    assert record["difference"].startswith(("weights", "masters", "sample"))


def error(cli: Cli, *words: Any) -> str:
    done = cli("learn", *words, "--json")
    assert done.exit_code == 2, done.output
    message = json.loads(done.stdout)["error"]["message"]
    assert isinstance(message, str)
    return message


NEW = ("--new", "20-6-5", "--rule", "mpd-ed", *HOST)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*HOST,), "name one network to teach: MODEL or --new SIZES"),
        (("learnable.onnx", *NEW), "name one network to teach"),
        (("--new", "20", "--rule", "mpd-ed"), "'20' is no network. Write neurons by layer, such as 196-64-10"),
        (("--new", "20-x", "--rule", "mpd-ed"), "'20-x' is no network"),
        (("--new", "20-5", *HOST), "--rule: none is named for a new network. Name one: std-ed, mpd-ed, stdbp, stbp"),
        (("--new", "20-5", "--rule", "hebb"), "'hebb' is not one of"),
        ((*NEW, "--set", "rate_shift"), "'rate_shift' is no NAME=INTEGER"),
        ((*NEW, "--set", "rate_shift=40", "--data", "digits.npz", "--samples", 5), "rate_shift 40 is outside 1..16"),
        (
            (*NEW, "--set", "rate=4", "--data", "digits.npz", "--samples", 5),
            "'rate' is no constant of learning. Known: adapt_shift",
        ),
        ((*NEW, "--data", "digits.npz", "--samples", 61), "has 60 samples, fewer than 61. Ask for --samples 60"),
        ((*NEW, "--data", "mnist", "--split", "test", "--samples", 5), "do not shrink to 20 inputs. Use one of: 1, 4"),
        ((*NEW, "--data", "minst"), "is neither a data set nor an .npz file. Did you mean mnist?"),
        ((*NEW, "--data", "nowhere.npz"), "is no readable .npz file"),
        (("--new", "19-5", "--rule", "mpd-ed", *HOST, "--data", "digits.npz", "--samples", 5), "(20,) values for 19"),
        (
            ("--new", "20-3", "--rule", "mpd-ed", *HOST, "--data", "digits.npz", "--samples", 60),
            "the network 3 classes",
        ),
        (("learnable.onnx", "--rule", "std-ed", *HOST), "std-ed is not mpd-ed, the rule of learnable"),
        (("plain.onnx", *HOST), "has no learning section, and no rule is named"),
        (("q_snn", "--rule", "mpd-ed", *HOST), "does not learn"),
        ((*NEW, "--board", "tflite", "--data", "digits.npz", "--samples", 5), "is no board of target mcu"),
        (("--new", "20-5", "--rule", "mpd-ed", "--target", "tflite", "--data", "digits.npz"), "fewer than 200"),
        (
            ("--new", "20-5", "--rule", "mpd-ed", "--target", "tflite", "--data", "digits.npz", "--samples", 5),
            "tflite: does not learn. Learn with --target mcu or loihi",
        ),
        ((*NEW, "--data", "digits.npz", "--samples", 5, "--energy-table", "loihi"), "learning is counted in"),
        ((*NEW, "--data", "digits.npz", "--samples", 5, "--skip", 56), "has 60 samples, fewer than 61"),
        ((*NEW, "--data", "digits.npz", "--store"), "--store: keeps nothing: the flash of a board without a port"),
        ((*NEW, "--data", "digits.npz", "--resume"), "Name one with --out DIR, the same every time"),
        (
            (
                "--new",
                "20-5",
                "--rule",
                "mpd-ed",
                "--board",
                "microbit",
                "--data",
                "digits.npz",
                "--samples",
                5,
                "--store",
                "--out",
                "o",
            ),
            "microbit: has no flash driver, so what is learned cannot be stored there. Keep it on this computer with",
        ),
        ((*NEW, "--against", "mpd-ed"), "'mpd-ed' is not 'stbp'"),
        (
            ("--new", "20-5", "--rule", "stbp", *HOST, "--data", "digits.npz", "--samples", 5, "--against", "stbp"),
            "--against: stbp is the baseline itself",
        ),
        (
            ("timed.onnx", *HOST, "--data", "digits.npz", "--samples", 5, "--against", "stbp"),
            "the last layer of timed fires, as std-ed wants it, and that of stbp must not. Hold --new SIZES against it",
        ),
        (
            ("learnable.onnx", "--target", "loihi", "--data", "digits.npz", "--samples", 5, "--against", "stbp"),
            "learns by stbp; Loihi's learning engine teaches the last layer of mpd-ed",
        ),
    ],
)
def test_what_is_refused(cli: Cli, digits: Path, learnable: Path, here: Path, words: Any, said: str) -> None:
    file.save(file.load(learnable).replace(learning=None), here / "plain.onnx")
    one = pupil("std-ed")
    file.save(model_of("timed", one.layers, one.ticks).replace(learning=one.learning), here / "timed.onnx")
    assert said in error(cli, *words)
    assert sorted(path.name for path in here.iterdir()) == ["digits.npz", "learnable.onnx", "plain.onnx", "timed.onnx"]


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"samples": np.zeros((9, 20), int)}, "has no array `labels`"),
        ({"samples": np.zeros((9, 20)), "labels": np.zeros(9, int)}, "`samples` is float64 of shape (9, 20)"),
        ({"samples": np.full((9, 20), 256), "labels": np.zeros(9, int)}, "has values outside 0..255"),
        ({"samples": np.zeros((9, 20), int), "labels": np.full(9, -1)}, "has label -1, the network 5 classes"),
    ],
)
def test_files_that_teach_nothing(cli: Cli, here: Path, arrays: dict[str, np.ndarray], said: str) -> None:
    np.savez(here / "odd.npz", **arrays)  # type: ignore[arg-type]
    assert said in error(cli, *NEW, "--data", "odd.npz", "--samples", 9)


def test_a_model_without_section_learns_by_a_rule(cli: Cli, digits: Path, learnable: Path, here: Path) -> None:
    file.save(file.load(learnable).replace(learning=None), here / "plain.onnx")
    words = ("learn", "plain.onnx", "--rule", "mpd-ed", *HOST, "--data", digits, "--samples", 5)
    record = answer(cli(*words, "--save", "after.onnx", "--set", "stochastic=1", "--json"))
    assert record["exact"] is True
    section = file.load(here / "after.onnx").learning
    assert isinstance(section, Learning)
    assert (section.rule, section.stochastic) == ("mpd-ed", True)
