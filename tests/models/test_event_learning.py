"""Networks that event-driven rules train, from a recipe to a deployed model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from edgesnn import datasets
from edgesnn.integer import Metadata, file, run
from edgesnn.models.event_learning.model import EventNetwork
from edgesnn.train.job import Job

RECIPE = """
[network]
class = "edgesnn.models.event_learning.model:EventNetwork"
rule = "{rule}"
sizes = [196, 24, 10]
factor = 2
ticks = 16
learning = {{ rate_shift = 6 }}

[training]
dataset = "{data}"
epochs = 3
batch = 10
learning_rate = 1e-2
weight_decay = 0
shift = 1
"""


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    images, labels = datasets.sample("mnist")
    np.savez(tmp_path / "digits.npz", samples=images[:600], labels=labels[:600])
    return tmp_path / "digits.npz"


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed", "stdbp", "stbp"])
def test_a_recipe_trains_by_its_rule(rule: str, digits: Path, tmp_path: Path) -> None:
    """The validation accuracy that training tells is the integer model's; what was learned goes on learning."""
    recipe = tmp_path / "own.toml"
    recipe.write_text(RECIPE.format(rule=rule, data=digits))
    finished = Job.load(recipe).run(tmp_path / "out")
    model = file.load(tmp_path / "out" / "own.onnx")
    with np.load(digits) as held:
        images, labels = held["samples"][-60:], held["labels"][-60:]
    values = images.reshape(60, 14, 2, 14, 2).sum((2, 4)).reshape(60, 196) // 4
    right = run(model, model.encode(values)).decisions == labels
    assert finished.trained.accuracies[-1] == pytest.approx(right.mean())
    assert right.mean() > 0.3
    assert model.learning is not None
    assert (model.learning.rule, model.learning.rate_shift) == (rule, 6)


def test_training_goes_on_from_its_checkpoint(digits: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "own.toml"
    recipe.write_text(RECIPE.format(rule="mpd-ed", data=digits))
    whole = Job.load(recipe).run(tmp_path / "whole").model
    job = Job.load(recipe)
    split = tmp_path / "parts" / "own.checkpoint"
    with pytest.raises(KeyboardInterrupt):
        job.run(split.parent, tell=interrupt)
    assert split.is_file()
    resumed = job.run(split.parent).model
    for one, other in zip(whole.nodes, resumed.nodes, strict=True):
        if hasattr(one.op, "weight"):
            assert (one.op.weight == other.op.weight).all()


def interrupt(line: str) -> None:
    if line.startswith("epoch 3"):
        raise KeyboardInterrupt


def test_in_eval_mode_the_network_is_its_integer_model() -> None:
    torch.manual_seed(0)
    network = EventNetwork("stdbp", (196, 24, 10), factor=2, ticks=32)
    images, _ = datasets.sample("mnist")
    raw = torch.from_numpy(images[:100].copy())
    network.begin(raw)
    model = network.eval().lowered("untrained", Metadata())
    scores = network(raw)[0]
    values = images[:100].reshape(100, 14, 2, 14, 2).sum((2, 4)).reshape(100, 196) // 4
    assert (run(model, model.encode(values)).decisions == scores.argmax(1).numpy()).all()
