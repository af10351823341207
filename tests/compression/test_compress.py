"""A recipe from beginning to end: report, files, resuming, and building the network again from what was written."""

from __future__ import annotations

import json
import re

import pytest
import torch

import edgesnn
from edgesnn import structure
from edgesnn.compression.stages import Prune, Train
from edgesnn.errors import ConfigError, FileError, ModelError
from edgesnn.integer import file, run
from edgesnn.train.job import Job
from tests.networks import Branched

RECIPE = {
    "stages": [
        {"stage": "weights", "kind": "zero_free", "bits": 2},
        {"stage": "calibrate"},
        {"stage": "distil", "alpha": 0.5},
        {"stage": "train", "epochs": 2, "batch": 32, "learning_rate": 5e-3, "shift": 0},
        {"stage": "prune", "ratio": 0.5, "layers": ["conv"]},
        {"stage": "state", "bits": 4},
        {"stage": "train", "epochs": 2, "batch": 32, "learning_rate": 5e-3, "shift": 0},
    ]
}


@pytest.fixture(scope="module")
def compressed(networks, data, tmp_path_factory):
    return edgesnn.compress(networks["branched"], RECIPE, data, tmp_path_factory.mktemp("out"), name="small")


def test_the_report_has_every_stage(compressed):
    assert [stage.stage for stage in compressed.stages] == [
        "weights zero_free, 2 bit, inner",
        "calibrate on 5 batches",
        "distil from self, hard, alpha 0.5",
        "train 2 epochs",
        "prune svs, 50 %, conv",
        "state 4 bit, all",
        "train 2 epochs",
        "export",
    ]
    assert [stage.measurement is None for stage in compressed.stages] == [False, False, True, *[False] * 4, True]
    assert compressed.end == compressed.stages[6].measurement


def test_it_is_smaller_and_does_less(compressed):
    start, end = compressed.start, compressed.end
    assert end.weight_bytes < start.weight_bytes / 4
    assert end.state_bytes < start.state_bytes / 4
    assert end.synaptic_ops < start.synaptic_ops
    assert end.accuracy > 0.8 and end.samples == 60
    quantised, pruned = compressed.stages[0].measurement, compressed.stages[4].measurement
    assert pruned.weight_bytes < quantised.weight_bytes < start.weight_bytes


def test_the_source_is_not_changed(networks, compressed):
    assert networks["branched"].main.weight.shape == (8, 8, 3, 3)
    assert compressed.network.main.weight.shape == (4, 4, 3, 3)


def test_the_files_say_the_same(compressed, data):
    assert compressed.files == ("small.onnx", "small.pt", "small.json", "small.report.json")
    model = file.load(compressed.folder / "small.onnx")
    assert model == compressed.model
    report = json.loads((compressed.folder / "small.report.json").read_text())
    assert report["stages"][4]["notes"] == list(compressed.stages[4].notes)
    assert report["start"]["accuracy"] == compressed.start.accuracy
    with torch.no_grad():
        scores = compressed.network(data[1].samples)[-1].long().numpy()
    assert (run(model, model.encode(data[1].samples.numpy())).output == scores).all()


def test_the_network_can_be_built_again_from_the_model_file(compressed, data):
    """Class, recorded changes, weights: nothing else."""
    fresh = Branched()
    for stage in file.load(compressed.folder / "small.onnx").metadata.recipe["stages"]:
        structure.apply(fresh, structure.read(stage["outcome"], "small"))
    fresh.load_state_dict(torch.load(compressed.folder / "small.pt", weights_only=True))
    with torch.no_grad():
        assert torch.equal(fresh.eval()(data[1].samples), compressed.network(data[1].samples))


def test_lists_of_channels_are_written_on_one_line(compressed):
    text = (compressed.folder / "small.json").read_text()
    assert re.search(r'"outputs": \[\d+(, \d+)+\]', text)
    assert json.loads(text) == compressed.model.metadata.recipe


def test_a_run_that_is_done_is_not_done_again(networks, data, compressed, monkeypatch):
    for stage in (Train, Prune):
        monkeypatch.setattr(stage, "run", lambda self, work: pytest.fail("ran again"))
    again = edgesnn.compress(networks["branched"], RECIPE, data, compressed.folder, name="small")
    assert again == compressed and again.model == compressed.model


def test_a_broken_run_goes_on_where_it_stopped_and_ends_the_same(networks, data, compressed, tmp_path, monkeypatch):
    original = Prune.run
    arguments = (networks["branched"], RECIPE, data, tmp_path)

    def broken(self, work):
        raise KeyboardInterrupt

    monkeypatch.setattr(Prune, "run", broken)
    with pytest.raises(KeyboardInterrupt):
        edgesnn.compress(*arguments, name="small")
    assert not (tmp_path / "small.onnx").exists()
    monkeypatch.setattr(Prune, "run", original)
    trained = []
    original_train = Train.run
    monkeypatch.setattr(Train, "run", lambda self, work: trained.append(self) or original_train(self, work))
    resumed = edgesnn.compress(*arguments, name="small")
    assert len(trained) == 1
    assert resumed.model == compressed.model and resumed.stages == compressed.stages


def test_a_training_stage_resumes_in_its_middle(networks, data, compressed, tmp_path, monkeypatch):
    from edgesnn.train.loop import Trainer

    original, epochs = Trainer._epoch, []

    def epoch(self, number, progress):
        if len(epochs) == 1:
            epochs.append("stopped")
            raise KeyboardInterrupt
        epochs.append(number)
        return original(self, number, progress)

    monkeypatch.setattr(Trainer, "_epoch", epoch)
    arguments = (networks["branched"], RECIPE, data, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        edgesnn.compress(*arguments, name="small")
    resumed = edgesnn.compress(*arguments, name="small")
    assert epochs == [0, "stopped", 1, 0, 1]
    assert resumed.model == compressed.model
    assert not list((tmp_path / "small.stages").glob("*.checkpoint"))


def test_what_belongs_to_another_run_or_is_damaged_is_refused(networks, data, tmp_path):
    recipe = {"stages": [{"stage": "prune", "ratio": 0.5, "method": "magnitude", "layers": ["stem"]}]}
    edgesnn.compress(networks["branched"], recipe, data, tmp_path, name="small")
    for other in ({"seed": 5}, {"limit": 50}):
        with pytest.raises(FileError, match="belongs to another run"):
            edgesnn.compress(networks["branched"], recipe, data, tmp_path, name="small", **other)
    record = tmp_path / "small.stages" / "record.json"
    whole = record.read_text()
    for damaged in (
        whole[:100],
        whole.replace('"keep_channels"', '"keep"'),
        "[]",
        whole.replace('"accuracy"', '"acc"'),
    ):
        record.write_text(damaged)
        with pytest.raises(FileError, match=r"record\.json"):
            edgesnn.compress(networks["branched"], recipe, data, tmp_path, name="small")
    record.write_text(whole)
    (tmp_path / "small.stages" / "1.pt").write_bytes(b"no weights")
    (tmp_path / "small.stages" / "2.pt").write_bytes(b"no weights")
    with pytest.raises(FileError, match="holds no weights of Branched"):
        edgesnn.compress(networks["branched"], recipe, data, tmp_path, name="small")


def test_without_a_folder_nothing_is_written(networks, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = edgesnn.compress(networks["branched"], "svs-pruned", data, epochs=1)
    assert (done.name, done.folder, done.files) == ("branched_svs_pruned", None, ())
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_gives_the_same_model(networks, data):
    recipe = {"stages": [{"stage": "prune", "ratio": 0.5, "method": "random", "layers": ["stem"]}]}
    first, again, other = (edgesnn.compress(networks["branched"], recipe, data, seed=seed).model for seed in (1, 1, 2))
    assert first == again and first != other


@pytest.mark.parametrize(
    ("model", "data", "kind", "problem"),
    [
        ("q_sn", None, ModelError, "neither a model of the zoo nor a .toml or .json file. Did you mean q_snn"),
        ("nowhere.toml", None, FileError, "no readable TOML"),
        (Branched(), None, ConfigError, "its data are not known"),
    ],
)
def test_networks_that_cannot_be_had_are_refused(model, data, kind, problem):
    with pytest.raises(kind, match=problem):
        edgesnn.compress(model, "svs-pruned", data)


def test_a_job_that_is_not_trained_is_refused_saying_how_to_train_it(tmp_path):
    (tmp_path / "mine.toml").write_text('[network]\nclass = "tests.networks:Branched"\n')
    with pytest.raises(FileError, match=r"not trained.*edgesnn train .*mine\.toml"):
        edgesnn.compress(tmp_path / "mine.toml", "svs-pruned")


def test_a_job_whose_stages_were_not_done_cannot_be_restored(tmp_path):
    text = '[network]\nclass = "tests.networks:Branched"\n[[stages]]\nstage = "prune"\nratio = 0.5\n'
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError, match="stage 1 has no outcome"):
        Job.load(tmp_path / "mine.toml").restore(tmp_path / "mine.pt")
