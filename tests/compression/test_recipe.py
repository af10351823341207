"""Recipes are data: named, printed, stored, read back, and refused where they say something unknown."""

from __future__ import annotations

import json
import re

import pytest

from edgesnn.compression import named
from edgesnn.compression.recipe import CompressionRecipe
from edgesnn.compression.stages import STAGES, Export, Prune, State, Train, Weights
from edgesnn.errors import ConfigError, FileError

PRECISION = re.compile(r"(q_snn|qp_snn|qt_snn|linear)-(?:(\d)w(\d)u|(\d)bit)(-pruned|-distilled)?|(\w+)-pruned(-long)?")


def tuning(name):
    """Epochs and learning rates of a recipe's training stages."""
    stages = CompressionRecipe.load(name).stages
    return [(stage.epochs, stage.learning_rate) for stage in stages if isinstance(stage, Train)]


@pytest.mark.parametrize("name", named.names())
def test_a_named_recipe_does_what_its_name_says(name):
    recipe = CompressionRecipe.load(name)
    found = PRECISION.fullmatch(name)
    assert found, name
    method, bits, state, alone, extra, baseline, long = found.groups()
    inner = [stage for stage in recipe.stages if isinstance(stage, Weights) and stage.layers == ("inner",)]
    kinds = {"q_snn": "binary", "qp_snn": "zero_free", "qt_snn": "dual_scale", "linear": "linear"}
    pruned = [stage.method for stage in recipe.stages if isinstance(stage, Prune)]
    if baseline:
        assert not inner and pruned == [baseline]
        assert (tuning(name) == [(4 * epochs, 2 * rate) for epochs, rate in tuning("svs-pruned")]) == bool(long)
    else:
        assert [(stage.kind, stage.bits) for stage in inner] == [(kinds[method], int(bits or alone))]
        assert pruned == (["svs"] if extra == "-pruned" else [])
        ends = [stage for stage in recipe.stages if isinstance(stage, Weights) and stage.layers == ("first", "last")]
        assert [(stage.kind, stage.bits) for stage in ends] == [("linear", 8)]
        membranes = {getattr(stage, "state_bits", getattr(stage, "bits", None)) for stage in recipe.stages[:-1]
                     if isinstance(stage, State) or STAGES.name_of(stage) == "alphabet"}  # fmt: skip
        assert membranes == ({int(state)} if state else set())
    assert isinstance(recipe.stages[-1], Export) and recipe.summary


def test_a_recipe_survives_json_and_equals_itself():
    for name in named.names():
        recipe = CompressionRecipe.load(name)
        again = CompressionRecipe.of(name, json.loads(json.dumps(recipe.to_dict())))
        assert again == recipe


def test_files_in_toml_and_json_are_read(tmp_path):
    tables = CompressionRecipe.load("qp_snn-4bit-pruned").to_dict()
    (tmp_path / "mine.json").write_text(json.dumps(tables))
    (tmp_path / "mine.toml").write_text(named.path("qp_snn-4bit-pruned").read_text())
    assert CompressionRecipe.load(tmp_path / "mine.json") == CompressionRecipe.load(str(tmp_path / "mine.toml"))


def test_epochs_of_every_training_stage_can_be_set():
    stages = CompressionRecipe.load("qp_snn-2bit-pruned").with_epochs(1).stages
    assert [stage.epochs for stage in stages if isinstance(stage, Train)] == [1, 1]


WRONG = [
    ({}, "has no stages"),
    ({"stages": []}, "has no stages"),
    ({"stage": [], "stages": []}, "unknown key 'stage'. Did you mean stages"),
    ({"stages": [{"stage": "wieghts"}]}, "stage 1: stage 'wieghts' is unknown. Did you mean weights"),
    (
        {"stages": [{"stage": "prune", "ratio": 0.5, "metod": "svs"}]},
        "unknown key 'metod' of prune. Did you mean method",
    ),
    ({"stages": [{"stage": "prune", "ratio": 0.5, "method": "svd"}]}, "method 'svd' is unknown. Did you mean svs"),
    ({"stages": [{"stage": "prune", "ratio": 0}]}, "ratio 0.0 is not between"),
    ({"stages": [{"stage": "prune", "ratio": "half"}]}, "prune: ratio is 'half'"),
    ({"stages": [{"stage": "prune"}]}, "prune: ratio is missing"),
    ({"stages": [{"stage": "prune", "ratio": 0.5, "batches": 0}]}, "batches 0 is not positive"),
    ({"stages": [{"stage": "weights", "kind": "binary", "bits": 2}]}, "1 bit, not 2"),
    (
        {"stages": [{"stage": "weights", "kind": "zerofree", "bits": 2}]},
        "'zerofree' is unknown. Did you mean zero_free",
    ),
    ({"stages": [{"stage": "weights", "kind": "linear", "bits": 3}]}, "bits 3 is not 1, 2, 4 or 8"),
    ({"stages": [{"stage": "weights", "kind": "linear", "bits": 4, "gamma": "max"}]}, "does not take these options"),
    ({"stages": [{"stage": "weights", "kind": "zero_free", "bits": 4, "gamma": "mode"}]}, "gamma 'mode' is unknown"),
    ({"stages": [{"stage": "state", "bits": 3}]}, "bits 3 is not 2, 4 or 8"),
    ({"stages": [{"stage": "alphabet", "kind": "trinary"}]}, "kind 'trinary' is unknown. Did you mean ternary"),
    ({"stages": [{"stage": "alphabet", "kind": "graded", "spike_bits": 9}]}, "spike_bits 9 is outside 1..4"),
    ({"stages": [{"stage": "alphabet", "kind": "ternary", "state_bits": 5}]}, "state_bits 5"),
    ({"stages": [{"stage": "distil", "alpha": 2.0}]}, "alpha 2.0 is outside 0..1"),
    ({"stages": [{"stage": "train", "epochs": 0}]}, "epochs 0 is not positive"),
    ({"stages": [{"stage": "train", "epochs": 1, "learning_rate": -1.0}]}, "learning_rate -1.0"),
    ({"stages": [{"stage": "train", "epochs": True}]}, "train: epochs is True"),
    ({"stages": [{"stage": "steps", "time_steps": 0}]}, "time_steps 0"),
    ({"stages": [{"stage": "calibrate", "batches": 0}]}, "batches 0"),
    ({"stages": ["prune"]}, "has no stage"),
    ({"stages": [{"stage": "export"}], "summary": 3}, "its summary is 3"),
]


@pytest.mark.parametrize(("tables", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_what_means_nothing_is_refused(tables, problem):
    with pytest.raises(ConfigError, match=re.escape(problem)):
        CompressionRecipe.of("mine", tables)


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ConfigError, match=r"qp_snn-4bits: is no recipe\. Did you mean qp_snn-4bit"):
        CompressionRecipe.load("qp_snn-4bits")
    with pytest.raises(FileError, match="no readable TOML"):
        CompressionRecipe.load("nowhere.toml")
