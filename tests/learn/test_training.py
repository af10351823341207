"""From random weights: every rule learns four classes, the same each time, and what it learned survives as integers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from edgesnn import learn
from edgesnn.errors import DataError, TrainingError
from edgesnn.integer import run

RULES = tuple(learn.NETWORKS)


def four_classes(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Values 0..255 (count, 16): a class has four bright inputs of its own."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, count)
    values = rng.integers(0, 120, (count, 16))
    for row, label in zip(values, labels, strict=True):
        row[4 * label : 4 * label + 4] += rng.integers(40, 130, 4)
    return values, labels


def trained(rule: str) -> learn.LearningNetwork:
    values, labels = four_classes(300)
    network = learn.network(rule, (16, 12, 4), ticks=16)
    learn.train(network, values, labels, epochs=10, batch=20, learning_rate=2e-2)
    return network


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_learns(rule: str) -> None:
    values, labels = four_classes(300)
    assert learn.accuracy(trained(rule), values, labels) > 0.7


def test_training_repeats() -> None:
    for one, other in zip(trained("mpd-ed").weights, trained("mpd-ed").weights, strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed", "stdbp"])
def test_integers_decide_as_the_float_network(rule: str) -> None:
    values, _ = four_classes(300)
    network = trained(rule)
    model = learn.integer_model("four", network)
    decisions = run(model, model.encode(values)).decisions
    assert np.mean(decisions == network(network.encode(values)).argmax(1).numpy()) > 0.8


@pytest.mark.parametrize(("rule", "ticks", "span"), [("std-ed", 16, 16), ("stdbp", 64, 32)])
def test_models_encode_values_as_networks_do(rule: str, ticks: int, span: int) -> None:
    model = learn.integer_model("four", learn.network(rule, (256, 4), ticks=ticks))
    assert model.time_steps == (2 * ticks if rule == "stdbp" else ticks)
    values = np.arange(256)[None]
    times = learn.latency(values, span)
    steps = model.time_steps
    assert (model.encode(values) == learn.trains(np.where(times < span, times, steps), steps)).all()


def test_what_cannot_be_trained_is_refused() -> None:
    with pytest.raises(TrainingError, match="Known: std-ed, mpd-ed, stbp, stdbp, stdbp-window"):
        learn.network("hebb", (4, 2))
    with pytest.raises(TrainingError, match="Give 64 or more of both"):
        learn.train(learn.network("mpd-ed", (16, 4)), *four_classes(10), epochs=1)
    with pytest.raises(TrainingError, match="has no integer layers"):
        learn.integer_layers(learn.network("stdbp-window", (4, 2)))
    with pytest.raises(DataError, match=r"leave 0\.\.255"):
        learn.latency([256], 16)
    with pytest.raises(DataError, match="do not divide into 3 x 3"):
        learn.shrink(np.zeros((1, 28, 28)), 3)


@pytest.mark.parametrize("rule", ["std-ed", "mpd-ed", "stbp", "stdbp"])
def test_a_rounded_network_decides_as_its_integer_model(rule: str) -> None:
    """Whole ticks, ties and silent outputs included: with few ticks there are many of both."""
    values, _ = four_classes(300)
    network = learn.network(rule, (16, 12, 4), ticks=8, seed=3)
    learn.train(network, values, four_classes(300)[1], epochs=1, batch=20, learning_rate=2e-2)
    rounded, model = learn.rounded(network), learn.integer_model("four", network)
    scores = rounded.whole(rounded(rounded.encode(values)))
    assert (run(model, model.encode(values)).decisions == scores.argmax(1).numpy()).all()
    if rule in ("std-ed", "stdbp"):
        assert any(len(np.unique(row)) < 4 for row in scores.detach().numpy())
