"""Orders of stages that make no sense are refused before any work, with the stage and the reason."""

from __future__ import annotations

import pytest

from edgesnn.compression.order import check_order
from edgesnn.compression.recipe import CompressionRecipe
from edgesnn.compression.stages import (
    Alphabet,
    Calibrate,
    Distil,
    Export,
    Prune,
    State,
    Steps,
    Train,
    Weights,
)
from edgesnn.errors import ConfigError

BINARY, TRAIN, PRUNE = Weights("binary", 1), Train(1), Prune(0.5)

MAKES_SENSE = [
    (BINARY, TRAIN, PRUNE, TRAIN, Export()),
    (PRUNE, BINARY, TRAIN),
    (PRUNE, PRUNE),
    (Weights("linear", 8, ("first", "last")), BINARY, Distil(), TRAIN),
    (State(8), Calibrate()),
    (Steps(1), State(4), BINARY, TRAIN),
    (Weights("zero_free", 8), TRAIN, Weights("zero_free", 4), TRAIN, Weights("zero_free", 2), TRAIN),
    (Alphabet("ternary"), TRAIN),
    (Alphabet("graded", spike_bits=2), BINARY, TRAIN),
    (State(8), Calibrate(), Steps(1), TRAIN),
]

MAKES_NONE = [
    ((Export(), PRUNE), r"stage 2 \(prune svs.*comes after the weights have become integers"),
    ((BINARY, Export(), TRAIN), "stage 3 .train 1 epoch.*Put it before export"),
    ((Weights("zero_free", 4), BINARY), "stage 2 .*quantises joined again, which stage 1 did"),
    ((BINARY, PRUNE, Weights("linear", 2, ("skip",))), "stage 3 .*quantises skip again"),
    ((State(8), State(4), TRAIN), "stage 2 .*quantises fire1 again"),
    ((Distil(),), "stage 1 .distil from self.*followed by no training"),
    ((TRAIN, Distil(), PRUNE), "stage 2 .*nobody learns from the teacher"),
    ((Distil(), Distil("q_snn"), TRAIN), "stage 2 .*replaces the teacher of stage 1"),
    ((TRAIN, State(4)), "stage 2 .*neither calibration nor training"),
    ((State(8), Alphabet("ternary"), TRAIN), "stage 2 .*replaces the neurons that stage 1 made"),
    ((Alphabet("ternary"), Alphabet("graded"), TRAIN), "stage 2 .*replaces the neurons that stage 1 made"),
    ((Alphabet("graded"),), "stage 1 .*other spikes need other weights"),
    ((State(8), Calibrate(), Steps(1)), "stage 3 .*changes the time steps for which stage 2 measured"),
    ((Weights("linear", 4, ("!main",)),), "stage 1 .*names no layer"),
]


@pytest.mark.parametrize("stages", MAKES_SENSE)
def test_orders_that_make_sense(stages, branched):
    check_order(stages, branched)


@pytest.mark.parametrize(("stages", "problem"), MAKES_NONE)
def test_orders_that_make_none(stages, problem, branched):
    with pytest.raises(ConfigError, match=problem):
        check_order(stages, branched)


def test_every_named_recipe_suits_a_network_without_pooling(branched):
    from edgesnn.compression import named

    for name in named.names():
        check_order(CompressionRecipe.load(name).stages, branched)


def test_spikes_that_a_layer_does_not_take_are_refused_before_work(plain):
    with pytest.raises(ConfigError, match=r"alphabet ternary.*does not suit this network: pool \(MaxPool\)"):
        check_order((TRAIN, Alphabet("ternary"), TRAIN), plain)


def test_what_does_not_suit_the_network_is_refused_before_training(branched):
    for stage, problem in (
        (Prune(0.5, layers=("main",)), "main: its channels are added to those of skip"),
        (Prune(0.5, layers=("joined",)), "nothing can be removed"),
        (Weights("linear", 4, ("mian",)), "'mian' is no layer. Did you mean main"),
        (State(4, ("fire9",)), "'fire9' is no layer"),
    ):
        with pytest.raises(ConfigError, match=problem):
            check_order((TRAIN, stage, TRAIN), branched)


def test_folded_weights_are_refused_before_training():
    from edgesnn.train.job import pretrained

    with pytest.raises(ConfigError, match=r"stage 2 \(weights.*conv2: is folded"):
        check_order((TRAIN, Weights("zero_free", 4), TRAIN), pretrained("q_snn_loihi"))


def test_training_wants_to_know_the_unit_of_the_scores(plain):
    del plain.unit
    check_order((PRUNE, BINARY), plain)
    with pytest.raises(ConfigError, match="Plain has no attribute `unit`"):
        check_order((PRUNE, TRAIN), plain)


def test_a_wrong_order_does_no_work(plain, data, tmp_path):
    import edgesnn

    with pytest.raises(ConfigError, match="followed by no training"):
        edgesnn.compress(
            plain, {"stages": [{"stage": "train", "epochs": 1}, {"stage": "distil"}]}, data, tmp_path / "out"
        )
    assert not (tmp_path / "out").exists()
