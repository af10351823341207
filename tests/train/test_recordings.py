"""Training on recordings: a front end beside the recipe, altered copies, spike trains moved in time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from edgesnn import datasets
from edgesnn.encode import front_end_of, to_dict
from edgesnn.errors import ConfigError, DataError, FileError, ModelError
from edgesnn.integer import run
from edgesnn.train import data
from edgesnn.train.augment import delayed, masked
from edgesnn.train.job import Job
from edgesnn.train.loss import LOGITS, final_cross_entropy
from edgesnn.train.recipe import Recipe
from edgesnn.train.recordings import LEAD_SAMPLES, SPEEDS, Copies, altered, blended, with_copies
from tests.encode.test_front_end import CHANNELS, SPEECH

RECORDINGS, DIGITS = datasets.recordings("fsdd", "test", 30)


def test_copies_come_behind_the_recordings_and_are_the_same_again() -> None:
    recordings, labels = with_copies(RECORDINGS, DIGITS, 2, seed=3)
    assert labels.tolist() == DIGITS.tolist() * 3
    assert all(np.array_equal(one, other) for one, other in zip(recordings, RECORDINGS, strict=False))
    again, _ = with_copies(RECORDINGS, DIGITS, 2, seed=3)
    assert all(np.array_equal(one, other) for one, other in zip(recordings, again, strict=True))
    other, _ = with_copies(RECORDINGS, DIGITS, 2, seed=4)
    assert not np.array_equal(recordings[30], other[30])
    for raw, copy in zip(RECORDINGS, recordings[30:60], strict=True):
        assert len(raw) / SPEEDS[1] - 201 <= len(copy) <= len(raw) / SPEEDS[0] + LEAD_SAMPLES


def test_altered_copies_of_several_channels_keep_them_apart() -> None:
    raw = np.stack([np.arange(500), np.zeros(500)], axis=1).astype(np.int16)
    copy = altered(raw, np.random.default_rng(1))
    assert copy.dtype == np.int16
    assert copy.shape[1] == 2
    assert np.abs(copy[:, 1]).max() <= 40 < np.abs(copy[:, 0]).max()


def test_blends_add_differences_within_one_class() -> None:
    """Two recordings of a class: a blend is moved by their difference, one way or the other."""
    trials = [np.full((4, 2), value, np.int16) for value in (0, 10, 100, 130)]
    blends, labels = blended(trials, np.array([0, 0, 1, 1]), 20, 0.5, seed=1)
    assert labels.tolist() == [0, 0, 1, 1] * 21
    moves = {int(blend[0, 0]) - int(trials[i % 4][0, 0]) for i, blend in enumerate(blends[4:])}
    assert moves == {-5, 5, -15, 15}
    assert all(np.array_equal(one, two) for one, two in zip(blends[:4], trials, strict=True))
    with pytest.raises(DataError, match="one recording only"):
        blended(trials[:3], np.array([0, 0, 1]), 1, 0.5, seed=1)


def test_loud_recordings_stay_within_int16() -> None:
    raw = np.full(400, 32767, np.int16)
    assert max(altered(raw, np.random.default_rng(seed)).max() for seed in range(8)) == 32767


def test_delay_moves_whole_trains() -> None:
    spikes = torch.zeros(64, 20, 3, dtype=torch.int8)
    spikes[:, 10] = torch.tensor([1, -1, 0], dtype=torch.int8)
    moved = delayed(spikes, 4, torch.Generator().manual_seed(0))
    assert (moved.sum(dim=1) == spikes.sum(dim=1)).all()
    assert set(moved[:, :, 0].argmax(dim=1).tolist()) == set(range(6, 15))
    assert delayed(spikes, 0, torch.Generator()) is spikes


def test_mask_silences_neighbours_alone() -> None:
    spikes = torch.ones(200, 5, 6, dtype=torch.int8)
    left = masked(spikes, 2, torch.Generator().manual_seed(0))
    silenced = left[:, 0] == 0
    assert (left == left[:, :1]).all()  # a channel is silent from beginning to end or as it was
    assert set(silenced.sum(dim=1).tolist()) == {0, 1, 2}
    pairs = silenced[silenced.sum(dim=1) == 2]
    assert (pairs & pairs.roll(1, dims=1)).any(dim=1).all()
    assert silenced.any(dim=0).all()
    assert masked(spikes, 0, torch.Generator()) is spikes


def test_final_loss_looks_at_the_last_scores_alone() -> None:
    scores = torch.tensor([[[9.0, 0]], [[1, 3]]])
    assert torch.isclose(
        final_cross_entropy(scores, torch.tensor([1]), 2.0), torch.log1p(torch.exp(torch.tensor(-1.0)))
    )


def test_imitation_looks_at_what_the_loss_looks_at() -> None:
    """Of scores 9, 1 after two steps: what each step added, or the last ones."""
    scores = torch.tensor([[[9.0, 0]], [[1, 3]]])
    assert LOGITS["steps"](scores, 2.0).tolist() == [[[4.5, 0]], [[-4, 1.5]]]
    assert LOGITS["final"](scores, 2.0).tolist() == [[0.5, 1.5]]


@pytest.mark.parametrize("wrong", [{"delay": -1}, {"mask": -1}, {"copies": -1}, {"loss": "none"}])
def test_recipes_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Recipe.of(wrong)


def own_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packaged sample in the place of the whole data set."""

    def recordings(name: str, split: str, limit: int | None = None) -> object:
        rows = {"fit": slice(0, 20), "validation": slice(20, 30), "train": slice(0, 30)}[split]
        return RECORDINGS[rows][:limit], DIGITS[rows][:limit]

    monkeypatch.setattr(datasets, "recordings", recordings)


RECIPE = """
[network]
class = "edgesnn.models.qt_snn.model:QtSnn"
hidden = [12, 10]
time_steps = 100

[training]
dataset = "fsdd"
epochs = 2
batch = 10
shift = 0
delay = 2
copies = 1
loss = "final"
rate_weight = 0

[front_end]
file = "ear.json"

[model]
description = "a test"
"""


def job(folder: Path, recipe: str = RECIPE, front_end: object = None) -> Job:
    (folder / "digits.toml").write_text(recipe)
    (folder / "ear.json").write_text(json.dumps(to_dict(SPEECH) if front_end is None else front_end))
    return Job.load(folder / "digits.toml")


def test_a_job_trains_on_spikes_and_writes_the_front_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_data(monkeypatch)
    finished = job(tmp_path).run(tmp_path)
    assert front_end_of(finished.model) == SPEECH
    spikes = SPEECH.encode(RECORDINGS[20:])
    network = Job.load(tmp_path / "digits.json").restore(tmp_path / "digits.pt")  # the job that was written beside it
    scores = network(torch.from_numpy(spikes))[-1].double().numpy()
    assert np.array_equal(run(finished.model, spikes.astype(np.int64)).output, scores)
    assert np.abs(scores).max() > 0


def test_splits_are_spikes(monkeypatch: pytest.MonkeyPatch) -> None:
    own_data(monkeypatch)
    fit, validation = data.splits("fsdd", 5, to_dict(SPEECH), Copies(2))
    assert fit.samples.shape == (15, 100, 24)
    assert fit.labels.tolist() == [0, 1, 2, 3, 4] * 3
    assert np.array_equal(validation.samples.numpy(), SPEECH.encode(RECORDINGS[20:]))
    whole, _ = data.splits("fsdd", None, to_dict(SPEECH), whole=True)
    assert len(whole) == 30
    with pytest.raises(DataError, match="no front end turns them into spikes"):
        data.splits("fsdd")


@pytest.mark.parametrize(
    ("recipe", "front_end", "words"),
    [
        (RECIPE.replace('file = "ear.json"', 'file = "none.json"'), None, "is no readable JSON"),
        (RECIPE.replace('file = "ear.json"', "file = 3"), None, "is of kind None"),
        (RECIPE, {"kind": "magic"}, "is of kind 'magic'"),
        (RECIPE, {**to_dict(SPEECH), "frames": 0}, "frames 0 is outside"),
        (RECIPE.replace("[front_end]", "[[front_end]]"), None, "front_end is no table"),
    ],
    ids=["missing", "no file name", "unknown kind", "no frames", "a list"],
)
def test_front_ends_that_are_none(tmp_path: Path, recipe: str, front_end: object, words: str) -> None:
    with pytest.raises((ConfigError, FileError, ModelError)) as caught:
        job(tmp_path, recipe, front_end)
    assert words in str(caught.value)


def test_channels_train_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals of several channels: the front end says the shape, the recipe's network takes it."""
    rng = np.random.default_rng(2)
    trials = tuple(rng.normal(0, 300, (50, 5)).cumsum(axis=0).astype(np.int16) for _ in range(30))
    sides = rng.integers(0, 2, 30)
    monkeypatch.setattr(datasets, "recordings", lambda name, split, limit=None: (trials, sides))
    sizes = "inputs = 5\ntime_steps = 80\nclasses = 2\nhidden = [6, 6]"
    recipe = RECIPE.replace("hidden = [12, 10]\ntime_steps = 100", sizes).replace('"fsdd"', '"eeg-finger-movements"')
    finished = job(tmp_path, recipe, to_dict(CHANNELS)).run(tmp_path)
    assert finished.model.metadata.classes == ("left", "right")
    assert front_end_of(finished.model) == CHANNELS
